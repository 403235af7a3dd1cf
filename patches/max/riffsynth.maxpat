{
 "patcher": {
  "fileversion": 1,
  "appversion": {
   "major": 8,
   "minor": 5,
   "revision": 0,
   "architecture": "x64",
   "modernui": 1
  },
  "classnamespace": "box",
  "rect": [
   60.0,
   60.0,
   1360.0,
   1274.0
  ],
  "bglocked": 0,
  "openinpresentation": 1,
  "default_fontsize": 12.0,
  "default_fontface": 0,
  "default_fontname": "Arial",
  "gridonopen": 1,
  "gridsize": [
   15.0,
   15.0
  ],
  "gridsnaponopen": 1,
  "boxes": [
   {
    "box": {
     "id": "obj-1",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      40.0,
      1400.0,
      166.0,
      22.0
     ],
     "text": "udpsend 127.0.0.1 9000"
    }
   },
   {
    "box": {
     "id": "obj-2",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      40.0,
      1100.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "udpreceive 9001"
    }
   },
   {
    "box": {
     "id": "obj-3",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 55,
     "patching_rect": [
      40.0,
      1130.0,
      900.0,
      22.0
     ],
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "text": "route /riffsynth/a/prompt /riffsynth/a/negative /riffsynth/a/seed /riffsynth/a/strength /riffsynth/a/guidance /riffsynth/b/prompt /riffsynth/b/negative /riffsynth/b/seed /riffsynth/b/strength /riffsynth/b/guidance /riffsynth/alpha /riffsynth/strength /riffsynth/guidance /riffsynth/steps /riffsynth/harmony /riffsynth/init /riffsynth/init_number /riffsynth/mask /riffsynth/sampler /riffsynth/lora1 /riffsynth/lora1_weight /riffsynth/lora2 /riffsynth/lora2_weight /riffsynth/lora3 /riffsynth/lora3_weight /riffsynth/endless /riffsynth/drift /riffsynth/quantize /riffsynth/quantize_to /riffsynth/crossfade /riffsynth/notes /riffsynth/modulation /riffsynth/preset /riffsynth/setlist /riffsynth/morph /riffsynth/morph_beats /riffsynth/snapshot /riffsynth/snapshot_store /riffsynth/level /riffsynth/mute /riffsynth/freeze /riffsynth/speed /riffsynth/reverse /riffsynth/pitch /riffsynth/loop_beats /riffsynth/tempo /riffsynth/meter /riffsynth/clock /riffsynth/clock_in /riffsynth/clock_offset /riffsynth/nudge /riffsynth/jump /riffsynth/locate /riffsynth/error"
    }
   },
   {
    "box": {
     "id": "obj-4",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      16.0,
      120.0,
      34.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      16.0,
      120.0,
      34.0
     ],
     "text": "riffsynth",
     "fontsize": 20.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-5",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      300.0,
      1100.0,
      68.0,
      22.0
     ],
     "outlettype": [
      "bang"
     ],
     "text": "loadbang"
    }
   },
   {
    "box": {
     "id": "obj-6",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      150.0,
      20.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      20.0,
      24.0,
      24.0
     ],
     "hint": "Connect again"
    }
   },
   {
    "box": {
     "id": "obj-7",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      180.0,
      22.0,
      260.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      180.0,
      22.0,
      260.0,
      20.0
     ],
     "text": "connect (after riffsynth was started again)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-8",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      300.0,
      1130.0,
      47.0,
      22.0
     ],
     "outlettype": [
      "bang",
      "bang"
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "obj-9",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      300.0,
      1160.0,
      166.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/notify 9001"
    }
   },
   {
    "box": {
     "id": "obj-10",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      480.0,
      1160.0,
      138.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/refresh"
    }
   },
   {
    "box": {
     "id": "obj-11",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      40.0,
      1220.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-12",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      450.0,
      20.0,
      700.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      450.0,
      20.0,
      700.0,
      22.0
     ],
     "text": ""
    }
   },
   {
    "box": {
     "id": "obj-13",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      90.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      90.0,
      200.0,
      20.0
     ],
     "text": "End A",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-14",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      90.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      90.0,
      200.0,
      20.0
     ],
     "text": "End B",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-15",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      90.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      90.0,
      200.0,
      20.0
     ],
     "text": "Between the ends",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-16",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      90.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      90.0,
      200.0,
      20.0
     ],
     "text": "Next clip",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-17",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      252.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      252.0,
      200.0,
      20.0
     ],
     "text": "Instrument",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-18",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      468.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      468.0,
      200.0,
      20.0
     ],
     "text": "Now",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-19",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      468.0,
      200.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      468.0,
      200.0,
      20.0
     ],
     "text": "Time",
     "fontsize": 12.0,
     "fontface": 1
    }
   },
   {
    "box": {
     "id": "obj-20",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      144.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      144.0,
      130.0,
      20.0
     ],
     "text": "a prompt",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-21",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      150.0,
      144.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      144.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.a.prompt",
     "hint": "The prompt of end A.",
     "annotation": "The prompt of end A."
    }
   },
   {
    "box": {
     "id": "obj-22",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      20.0,
      1644.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-23",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      1668.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/a/prompt"
    }
   },
   {
    "box": {
     "id": "obj-24",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      1668.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-25",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      198.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      198.0,
      130.0,
      20.0
     ],
     "text": "a negative",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-26",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      150.0,
      198.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      198.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.a.negative",
     "hint": "What must not be heard: the negative prompt of end A.",
     "annotation": "What must not be heard: the negative prompt of end A."
    }
   },
   {
    "box": {
     "id": "obj-27",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      20.0,
      1698.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-28",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      1722.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/a/negative"
    }
   },
   {
    "box": {
     "id": "obj-29",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      1722.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-30",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      252.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      252.0,
      130.0,
      20.0
     ],
     "text": "a seed",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-31",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      252.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      252.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "varname": "riffsynth.a.seed",
     "hint": "The seed of end A: same seed, same noise.",
     "annotation": "The seed of end A: same seed, same noise."
    }
   },
   {
    "box": {
     "id": "obj-32",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      1776.0,
      187.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/a/seed"
    }
   },
   {
    "box": {
     "id": "obj-33",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      1776.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-34",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      306.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      306.0,
      130.0,
      20.0
     ],
     "text": "a strength",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-35",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      306.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      306.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.a.strength",
       "parameter_shortname": "a.strength",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 1.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.a.strength",
     "hint": "Denoising strength of end A: 0 leaves the init clip, 1 starts from noise.",
     "annotation": "Denoising strength of end A: 0 leaves the init clip, 1 starts from noise."
    }
   },
   {
    "box": {
     "id": "obj-36",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      1830.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/a/strength"
    }
   },
   {
    "box": {
     "id": "obj-37",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      1830.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-38",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      360.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      360.0,
      130.0,
      20.0
     ],
     "text": "a guidance",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-39",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      360.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      360.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.a.guidance",
       "parameter_shortname": "a.guidance",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 20.0,
       "parameter_initial": [
        3.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.a.guidance",
     "hint": "How strictly clips follow the prompt of end A.",
     "annotation": "How strictly clips follow the prompt of end A."
    }
   },
   {
    "box": {
     "id": "obj-40",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      1884.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/a/guidance"
    }
   },
   {
    "box": {
     "id": "obj-41",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      1884.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-42",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      144.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      144.0,
      130.0,
      20.0
     ],
     "text": "b prompt",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-43",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      480.0,
      144.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      144.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.b.prompt",
     "hint": "The prompt of end B.",
     "annotation": "The prompt of end B."
    }
   },
   {
    "box": {
     "id": "obj-44",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      350.0,
      1644.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-45",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      1668.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/b/prompt"
    }
   },
   {
    "box": {
     "id": "obj-46",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      1668.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-47",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      198.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      198.0,
      130.0,
      20.0
     ],
     "text": "b negative",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-48",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      480.0,
      198.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      198.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.b.negative",
     "hint": "What must not be heard: the negative prompt of end B.",
     "annotation": "What must not be heard: the negative prompt of end B."
    }
   },
   {
    "box": {
     "id": "obj-49",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      350.0,
      1698.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-50",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      1722.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/b/negative"
    }
   },
   {
    "box": {
     "id": "obj-51",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      1722.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-52",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      252.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      252.0,
      130.0,
      20.0
     ],
     "text": "b seed",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-53",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      252.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      252.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "varname": "riffsynth.b.seed",
     "hint": "The seed of end B: same seed, same noise.",
     "annotation": "The seed of end B: same seed, same noise."
    }
   },
   {
    "box": {
     "id": "obj-54",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      1776.0,
      187.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/b/seed"
    }
   },
   {
    "box": {
     "id": "obj-55",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      1776.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-56",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      306.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      306.0,
      130.0,
      20.0
     ],
     "text": "b strength",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-57",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      306.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      306.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.b.strength",
       "parameter_shortname": "b.strength",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 1.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.b.strength",
     "hint": "Denoising strength of end B: 0 leaves the init clip, 1 starts from noise.",
     "annotation": "Denoising strength of end B: 0 leaves the init clip, 1 starts from noise."
    }
   },
   {
    "box": {
     "id": "obj-58",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      1830.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/b/strength"
    }
   },
   {
    "box": {
     "id": "obj-59",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      1830.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-60",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      360.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      360.0,
      130.0,
      20.0
     ],
     "text": "b guidance",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-61",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      360.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      360.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.b.guidance",
       "parameter_shortname": "b.guidance",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 20.0,
       "parameter_initial": [
        3.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.b.guidance",
     "hint": "How strictly clips follow the prompt of end B.",
     "annotation": "How strictly clips follow the prompt of end B."
    }
   },
   {
    "box": {
     "id": "obj-62",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      1884.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/b/guidance"
    }
   },
   {
    "box": {
     "id": "obj-63",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      1884.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-64",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      144.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      144.0,
      130.0,
      20.0
     ],
     "text": "alpha",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-65",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      144.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      144.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.alpha",
       "parameter_shortname": "alpha",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 1.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.alpha",
     "hint": "The way from end A (0) to end B (1).",
     "annotation": "The way from end A (0) to end B (1)."
    }
   },
   {
    "box": {
     "id": "obj-66",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      1668.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/alpha"
    }
   },
   {
    "box": {
     "id": "obj-67",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      1668.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-68",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      144.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      144.0,
      130.0,
      20.0
     ],
     "text": "strength",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-69",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      144.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      144.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.strength",
       "parameter_shortname": "strength",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 1.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.strength",
     "hint": "Sets the strength of both ends; asked, it answers the value at alpha.",
     "annotation": "Sets the strength of both ends; asked, it answers the value at alpha."
    }
   },
   {
    "box": {
     "id": "obj-70",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1668.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/strength"
    }
   },
   {
    "box": {
     "id": "obj-71",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1668.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-72",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      198.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      198.0,
      130.0,
      20.0
     ],
     "text": "guidance",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-73",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      198.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      198.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.guidance",
       "parameter_shortname": "guidance",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 20.0,
       "parameter_initial": [
        3.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.guidance",
     "hint": "Sets the guidance of both ends; asked, it answers the value at alpha.",
     "annotation": "Sets the guidance of both ends; asked, it answers the value at alpha."
    }
   },
   {
    "box": {
     "id": "obj-74",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1722.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/guidance"
    }
   },
   {
    "box": {
     "id": "obj-75",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1722.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-76",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      252.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      252.0,
      130.0,
      20.0
     ],
     "text": "steps",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-77",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      252.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      252.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "maximum": 100,
     "varname": "riffsynth.steps",
     "hint": "Diffusion steps a clip; 0 chooses as many as reach the next boundary.",
     "annotation": "Diffusion steps a clip; 0 chooses as many as reach the next boundary."
    }
   },
   {
    "box": {
     "id": "obj-78",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1776.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/steps"
    }
   },
   {
    "box": {
     "id": "obj-79",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1776.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-80",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      306.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      306.0,
      130.0,
      20.0
     ],
     "text": "harmony",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-81",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      306.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      306.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.harmony",
     "hint": "Added to both prompts, such as C minor; held chords set it where notes is harmony.",
     "annotation": "Added to both prompts, such as C minor; held chords set it where notes is harmony."
    }
   },
   {
    "box": {
     "id": "obj-82",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      1806.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-83",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1830.0,
      194.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/harmony"
    }
   },
   {
    "box": {
     "id": "obj-84",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1830.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-85",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      360.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      360.0,
      130.0,
      20.0
     ],
     "text": "init",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-86",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      360.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      360.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.init",
     "hint": "The clip that strength works against: none, playing, input, or a sound or image file, or a folder of them.",
     "annotation": "The clip that strength works against: none, playing, input, or a sound or image file, or a folder of them."
    }
   },
   {
    "box": {
     "id": "obj-87",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      1860.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-88",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1884.0,
      173.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/init"
    }
   },
   {
    "box": {
     "id": "obj-89",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1884.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-90",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      414.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      414.0,
      130.0,
      20.0
     ],
     "text": "init number",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-91",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      414.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      414.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "maximum": 999,
     "varname": "riffsynth.init_number",
     "hint": "Which file of the init folder, by name; past the last one it begins again.",
     "annotation": "Which file of the init folder, by name; past the last one it begins again."
    }
   },
   {
    "box": {
     "id": "obj-92",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1938.0,
      222.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/init_number"
    }
   },
   {
    "box": {
     "id": "obj-93",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1938.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-94",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      468.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      468.0,
      130.0,
      20.0
     ],
     "text": "mask",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-95",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      468.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      468.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.mask",
     "hint": "What of the init clip is painted anew: none (all of it), or an image file, white where it is.",
     "annotation": "What of the init clip is painted anew: none (all of it), or an image file, white where it is."
    }
   },
   {
    "box": {
     "id": "obj-96",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      1968.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-97",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      1992.0,
      173.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/mask"
    }
   },
   {
    "box": {
     "id": "obj-98",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      1992.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-99",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      522.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      522.0,
      130.0,
      20.0
     ],
     "text": "sampler",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-100",
     "maxclass": "umenu",
     "numinlets": 1,
     "numoutlets": 3,
     "patching_rect": [
      1140.0,
      522.0,
      110.0,
      22.0
     ],
     "outlettype": [
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      522.0,
      110.0,
      22.0
     ],
     "items": [
      "own",
      ",",
      "ddim",
      ",",
      "euler",
      ",",
      "dpm",
      ",",
      "lcm"
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.sampler",
     "hint": "The way of the steps: the model's own, or another; lcm is for few-step LoRAs.",
     "annotation": "The way of the steps: the model's own, or another; lcm is for few-step LoRAs."
    }
   },
   {
    "box": {
     "id": "obj-101",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2046.0,
      194.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/sampler"
    }
   },
   {
    "box": {
     "id": "obj-102",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2046.0,
      131.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "id": "obj-103",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      576.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      576.0,
      130.0,
      20.0
     ],
     "text": "lora1",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-104",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      576.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      576.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.lora1",
     "hint": "A LoRA that is added to the model: none, or a .safetensors file.",
     "annotation": "A LoRA that is added to the model: none, or a .safetensors file."
    }
   },
   {
    "box": {
     "id": "obj-105",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      2076.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-106",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2100.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora1"
    }
   },
   {
    "box": {
     "id": "obj-107",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2100.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-108",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      630.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      630.0,
      130.0,
      20.0
     ],
     "text": "lora1 weight",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-109",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      630.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      630.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.lora1_weight",
       "parameter_shortname": "lora1_weight",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -2.0,
       "parameter_mmax": 2.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.lora1_weight",
     "hint": "How much of LoRA 1 is added; 0 is none of it.",
     "annotation": "How much of LoRA 1 is added; 0 is none of it."
    }
   },
   {
    "box": {
     "id": "obj-110",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2154.0,
      229.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora1_weight"
    }
   },
   {
    "box": {
     "id": "obj-111",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2154.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-112",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      684.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      684.0,
      130.0,
      20.0
     ],
     "text": "lora2",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-113",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      684.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      684.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.lora2",
     "hint": "A LoRA that is added to the model: none, or a .safetensors file.",
     "annotation": "A LoRA that is added to the model: none, or a .safetensors file."
    }
   },
   {
    "box": {
     "id": "obj-114",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      2184.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-115",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2208.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora2"
    }
   },
   {
    "box": {
     "id": "obj-116",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2208.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-117",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      738.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      738.0,
      130.0,
      20.0
     ],
     "text": "lora2 weight",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-118",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      738.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      738.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.lora2_weight",
       "parameter_shortname": "lora2_weight",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -2.0,
       "parameter_mmax": 2.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.lora2_weight",
     "hint": "How much of LoRA 2 is added; 0 is none of it.",
     "annotation": "How much of LoRA 2 is added; 0 is none of it."
    }
   },
   {
    "box": {
     "id": "obj-119",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2262.0,
      229.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora2_weight"
    }
   },
   {
    "box": {
     "id": "obj-120",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2262.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-121",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      792.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      792.0,
      130.0,
      20.0
     ],
     "text": "lora3",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-122",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      1140.0,
      792.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      792.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.lora3",
     "hint": "A LoRA that is added to the model: none, or a .safetensors file.",
     "annotation": "A LoRA that is added to the model: none, or a .safetensors file."
    }
   },
   {
    "box": {
     "id": "obj-123",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1010.0,
      2292.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-124",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2316.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora3"
    }
   },
   {
    "box": {
     "id": "obj-125",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2316.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-126",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      846.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      846.0,
      130.0,
      20.0
     ],
     "text": "lora3 weight",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-127",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      1140.0,
      846.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      846.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.lora3_weight",
       "parameter_shortname": "lora3_weight",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -2.0,
       "parameter_mmax": 2.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.lora3_weight",
     "hint": "How much of LoRA 3 is added; 0 is none of it.",
     "annotation": "How much of LoRA 3 is added; 0 is none of it."
    }
   },
   {
    "box": {
     "id": "obj-128",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2370.0,
      229.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/lora3_weight"
    }
   },
   {
    "box": {
     "id": "obj-129",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2370.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-130",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      900.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      900.0,
      130.0,
      20.0
     ],
     "text": "endless",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-131",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1140.0,
      900.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      900.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.endless",
     "hint": "Music that never repeats: while one half of the clip plays, the other is painted on.",
     "annotation": "Music that never repeats: while one half of the clip plays, the other is painted on."
    }
   },
   {
    "box": {
     "id": "obj-132",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2424.0,
      194.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/endless"
    }
   },
   {
    "box": {
     "id": "obj-133",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2424.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-134",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      1010.0,
      954.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      1010.0,
      954.0,
      130.0,
      20.0
     ],
     "text": "drift",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-135",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1140.0,
      954.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      1140.0,
      954.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.drift",
     "hint": "The seeds move on by one with each pass of the clip.",
     "annotation": "The seeds move on by one with each pass of the clip."
    }
   },
   {
    "box": {
     "id": "obj-136",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1010.0,
      2478.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/drift"
    }
   },
   {
    "box": {
     "id": "obj-137",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      1180.0,
      2478.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-138",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      306.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      306.0,
      130.0,
      20.0
     ],
     "text": "quantize (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-139",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      306.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      306.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.quantize",
       "parameter_shortname": "quantize",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 64.0,
       "parameter_initial": [
        4.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.quantize",
     "hint": "New clips enter at multiples of this many beats; 0 at once.",
     "annotation": "New clips enter at multiples of this many beats; 0 at once."
    }
   },
   {
    "box": {
     "id": "obj-140",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      1830.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/quantize"
    }
   },
   {
    "box": {
     "id": "obj-141",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      1830.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-142",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      360.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      360.0,
      130.0,
      20.0
     ],
     "text": "quantize to",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-143",
     "maxclass": "umenu",
     "numinlets": 1,
     "numoutlets": 3,
     "patching_rect": [
      810.0,
      360.0,
      110.0,
      22.0
     ],
     "outlettype": [
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      360.0,
      110.0,
      22.0
     ],
     "items": [
      "beats",
      ",",
      "off",
      ",",
      "beat",
      ",",
      "bar",
      ",",
      "2 bars",
      ",",
      "4 bars",
      ",",
      "8 bars"
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.quantize_to",
     "hint": "Sets quantize in beats or bars of the meter, and follows it; beats leaves it to quantize.",
     "annotation": "Sets quantize in beats or bars of the meter, and follows it; beats leaves it to quantize."
    }
   },
   {
    "box": {
     "id": "obj-144",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      1884.0,
      222.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/quantize_to"
    }
   },
   {
    "box": {
     "id": "obj-145",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      1884.0,
      131.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "id": "obj-146",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      414.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      414.0,
      130.0,
      20.0
     ],
     "text": "crossfade (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-147",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      414.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      414.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.crossfade",
       "parameter_shortname": "crossfade",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 32.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.crossfade",
     "hint": "Length of the crossfade to a new clip.",
     "annotation": "Length of the crossfade to a new clip."
    }
   },
   {
    "box": {
     "id": "obj-148",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      1938.0,
      208.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/crossfade"
    }
   },
   {
    "box": {
     "id": "obj-149",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      1938.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-150",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      468.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      468.0,
      130.0,
      20.0
     ],
     "text": "notes",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-151",
     "maxclass": "umenu",
     "numinlets": 1,
     "numoutlets": 3,
     "patching_rect": [
      810.0,
      468.0,
      110.0,
      22.0
     ],
     "outlettype": [
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      468.0,
      110.0,
      22.0
     ],
     "items": [
      "off",
      ",",
      "transpose",
      ",",
      "harmony"
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.notes",
     "hint": "What keys do that are not bound: nothing, transpose the clip, or set the harmony.",
     "annotation": "What keys do that are not bound: nothing, transpose the clip, or set the harmony."
    }
   },
   {
    "box": {
     "id": "obj-152",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      1992.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/notes"
    }
   },
   {
    "box": {
     "id": "obj-153",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      1992.0,
      131.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "id": "obj-154",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      522.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      522.0,
      130.0,
      20.0
     ],
     "text": "modulation",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-155",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      522.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      522.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.modulation",
     "hint": "The preset's LFOs, envelopes and audio inputs move what they are bound to.",
     "annotation": "The preset's LFOs, envelopes and audio inputs move what they are bound to."
    }
   },
   {
    "box": {
     "id": "obj-156",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2046.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/modulation"
    }
   },
   {
    "box": {
     "id": "obj-157",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2046.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-158",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      576.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      576.0,
      130.0,
      20.0
     ],
     "text": "preset",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-159",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      810.0,
      576.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      576.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.preset",
     "hint": "Loads a preset by name or path.",
     "annotation": "Loads a preset by name or path."
    }
   },
   {
    "box": {
     "id": "obj-160",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      680.0,
      2076.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-161",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2100.0,
      187.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/preset"
    }
   },
   {
    "box": {
     "id": "obj-162",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2100.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-163",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      630.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      630.0,
      130.0,
      20.0
     ],
     "text": "setlist",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-164",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      810.0,
      630.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      630.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.setlist",
     "hint": "The set: a folder of presets or a YAML list of them; empty is the preset's own folder.",
     "annotation": "The set: a folder of presets or a YAML list of them; empty is the preset's own folder."
    }
   },
   {
    "box": {
     "id": "obj-165",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      680.0,
      2130.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-166",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2154.0,
      194.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/setlist"
    }
   },
   {
    "box": {
     "id": "obj-167",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2154.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-168",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      684.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      684.0,
      130.0,
      20.0
     ],
     "text": "next",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-169",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      684.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      684.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.next",
     "hint": "Goes to the next preset of the set, over morph_beats.",
     "annotation": "Goes to the next preset of the set, over morph_beats."
    }
   },
   {
    "box": {
     "id": "obj-170",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2184.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/next"
    }
   },
   {
    "box": {
     "id": "obj-171",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      738.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      738.0,
      130.0,
      20.0
     ],
     "text": "previous",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-172",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      738.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      738.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.previous",
     "hint": "Goes to the previous preset of the set, over morph_beats.",
     "annotation": "Goes to the previous preset of the set, over morph_beats."
    }
   },
   {
    "box": {
     "id": "obj-173",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2238.0,
      145.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/previous"
    }
   },
   {
    "box": {
     "id": "obj-174",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      792.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      792.0,
      130.0,
      20.0
     ],
     "text": "morph",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-175",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      792.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      792.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.morph",
       "parameter_shortname": "morph",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 127.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.morph",
     "hint": "The place in the set: 0 is its first preset, 1.5 halfway between the 2nd and the 3rd.",
     "annotation": "The place in the set: 0 is its first preset, 1.5 halfway between the 2nd and the 3rd."
    }
   },
   {
    "box": {
     "id": "obj-176",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2316.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/morph"
    }
   },
   {
    "box": {
     "id": "obj-177",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2316.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-178",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      846.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      846.0,
      130.0,
      20.0
     ],
     "text": "morph beats (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-179",
     "maxclass": "flonum",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      846.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      846.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "maximum": 256,
     "varname": "riffsynth.morph_beats",
     "hint": "What a morph to another place, next or previous takes; 0 is at once.",
     "annotation": "What a morph to another place, next or previous takes; 0 is at once."
    }
   },
   {
    "box": {
     "id": "obj-180",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2370.0,
      222.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/morph_beats"
    }
   },
   {
    "box": {
     "id": "obj-181",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2370.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-182",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      900.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      900.0,
      130.0,
      20.0
     ],
     "text": "snapshot",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-183",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      900.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      900.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "maximum": 128,
     "varname": "riffsynth.snapshot",
     "hint": "Recalls a snapshot of this preset; 0 is none.",
     "annotation": "Recalls a snapshot of this preset; 0 is none."
    }
   },
   {
    "box": {
     "id": "obj-184",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2424.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/snapshot"
    }
   },
   {
    "box": {
     "id": "obj-185",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2424.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-186",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      954.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      954.0,
      130.0,
      20.0
     ],
     "text": "snapshot store",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-187",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      810.0,
      954.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      954.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 0,
     "maximum": 128,
     "varname": "riffsynth.snapshot_store",
     "hint": "Stores what shapes the sound, as it stands, as a snapshot of this preset; 0 is none.",
     "annotation": "Stores what shapes the sound, as it stands, as a snapshot of this preset; 0 is none."
    }
   },
   {
    "box": {
     "id": "obj-188",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2478.0,
      243.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/snapshot_store"
    }
   },
   {
    "box": {
     "id": "obj-189",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      850.0,
      2478.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-190",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      1008.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      1008.0,
      130.0,
      20.0
     ],
     "text": "undo",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-191",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      1008.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      1008.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.undo",
     "hint": "Takes back the last move, preset, snapshot or morph.",
     "annotation": "Takes back the last move, preset, snapshot or morph."
    }
   },
   {
    "box": {
     "id": "obj-192",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2508.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/undo"
    }
   },
   {
    "box": {
     "id": "obj-193",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      1062.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      1062.0,
      130.0,
      20.0
     ],
     "text": "redo",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-194",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      1062.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      1062.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.redo",
     "hint": "Takes back the last undo.",
     "annotation": "Takes back the last undo."
    }
   },
   {
    "box": {
     "id": "obj-195",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2562.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/redo"
    }
   },
   {
    "box": {
     "id": "obj-196",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      680.0,
      1116.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      680.0,
      1116.0,
      130.0,
      20.0
     ],
     "text": "panic",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-197",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      810.0,
      1116.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      810.0,
      1116.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.panic",
     "hint": "Silences the sound at once, drops what is being generated, and starts again.",
     "annotation": "Silences the sound at once, drops what is being generated, and starts again."
    }
   },
   {
    "box": {
     "id": "obj-198",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      680.0,
      2616.0,
      124.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/panic"
    }
   },
   {
    "box": {
     "id": "obj-199",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      522.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      522.0,
      130.0,
      20.0
     ],
     "text": "level (dB)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-200",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      522.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      522.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.level",
       "parameter_shortname": "level",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -60.0,
       "parameter_mmax": 12.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.level",
     "hint": "Loudness.",
     "annotation": "Loudness."
    }
   },
   {
    "box": {
     "id": "obj-201",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2046.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/level"
    }
   },
   {
    "box": {
     "id": "obj-202",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2046.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-203",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      576.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      576.0,
      130.0,
      20.0
     ],
     "text": "mute",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-204",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      150.0,
      576.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      576.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.mute",
     "hint": "Silence, while everything goes on.",
     "annotation": "Silence, while everything goes on."
    }
   },
   {
    "box": {
     "id": "obj-205",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2100.0,
      173.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/mute"
    }
   },
   {
    "box": {
     "id": "obj-206",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2100.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-207",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      630.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      630.0,
      130.0,
      20.0
     ],
     "text": "freeze",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-208",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      150.0,
      630.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      630.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.freeze",
     "hint": "The playhead stands; what sounds now is held.",
     "annotation": "The playhead stands; what sounds now is held."
    }
   },
   {
    "box": {
     "id": "obj-209",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2154.0,
      187.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/freeze"
    }
   },
   {
    "box": {
     "id": "obj-210",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2154.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-211",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      684.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      684.0,
      130.0,
      20.0
     ],
     "text": "speed (x)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-212",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      684.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      684.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.speed",
       "parameter_shortname": "speed",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 4.0,
       "parameter_initial": [
        1.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.speed",
     "hint": "Speed of the playhead against the clock; at 1, and at half, double and whole speeds, it falls in with the beat.",
     "annotation": "Speed of the playhead against the clock; at 1, and at half, double and whole speeds, it falls in with the beat."
    }
   },
   {
    "box": {
     "id": "obj-213",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2208.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/speed"
    }
   },
   {
    "box": {
     "id": "obj-214",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2208.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-215",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      738.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      738.0,
      130.0,
      20.0
     ],
     "text": "reverse",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-216",
     "maxclass": "toggle",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      150.0,
      738.0,
      24.0,
      24.0
     ],
     "outlettype": [
      "int"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      738.0,
      24.0,
      24.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.reverse",
     "hint": "The playhead runs backwards, in time with the beat.",
     "annotation": "The playhead runs backwards, in time with the beat."
    }
   },
   {
    "box": {
     "id": "obj-217",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2262.0,
      194.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/reverse"
    }
   },
   {
    "box": {
     "id": "obj-218",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2262.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-219",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      792.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      792.0,
      130.0,
      20.0
     ],
     "text": "pitch (semitones)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-220",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      792.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      792.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.pitch",
       "parameter_shortname": "pitch",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -24.0,
       "parameter_mmax": 24.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.pitch",
     "hint": "Transposition; the tempo stays.",
     "annotation": "Transposition; the tempo stays."
    }
   },
   {
    "box": {
     "id": "obj-221",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2316.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/pitch"
    }
   },
   {
    "box": {
     "id": "obj-222",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2316.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-223",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      20.0,
      846.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      20.0,
      846.0,
      130.0,
      20.0
     ],
     "text": "loop beats (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-224",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      150.0,
      846.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      150.0,
      846.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.loop_beats",
       "parameter_shortname": "loop_beats",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": 0.0,
       "parameter_mmax": 8.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.loop_beats",
     "hint": "Repeats the slice of this length that the playhead is in, down to 1/8 beat; 0 plays all of the clip.",
     "annotation": "Repeats the slice of this length that the playhead is in, down to 1/8 beat; 0 plays all of the clip."
    }
   },
   {
    "box": {
     "id": "obj-225",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      20.0,
      2370.0,
      215.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/loop_beats"
    }
   },
   {
    "box": {
     "id": "obj-226",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      190.0,
      2370.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-227",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      522.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      522.0,
      130.0,
      20.0
     ],
     "text": "tempo (beats/min)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-228",
     "maxclass": "flonum",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      522.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      522.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 20,
     "maximum": 400,
     "varname": "riffsynth.tempo",
     "hint": "Tempo of the internal clock, and of everybody on Link.",
     "annotation": "Tempo of the internal clock, and of everybody on Link."
    }
   },
   {
    "box": {
     "id": "obj-229",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2046.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/tempo"
    }
   },
   {
    "box": {
     "id": "obj-230",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2046.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-231",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      576.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      576.0,
      130.0,
      20.0
     ],
     "text": "meter (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-232",
     "maxclass": "number",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      576.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      576.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": 1,
     "maximum": 16,
     "varname": "riffsynth.meter",
     "hint": "Beats a bar; a clip loops its largest whole number of bars.",
     "annotation": "Beats a bar; a clip loops its largest whole number of bars."
    }
   },
   {
    "box": {
     "id": "obj-233",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2100.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/meter"
    }
   },
   {
    "box": {
     "id": "obj-234",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2100.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-235",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      630.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      630.0,
      130.0,
      20.0
     ],
     "text": "clock",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-236",
     "maxclass": "umenu",
     "numinlets": 1,
     "numoutlets": 3,
     "patching_rect": [
      480.0,
      630.0,
      110.0,
      22.0
     ],
     "outlettype": [
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      630.0,
      110.0,
      22.0
     ],
     "items": [
      "internal",
      ",",
      "midi",
      ",",
      "link"
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.clock",
     "hint": "Who sets the time.",
     "annotation": "Who sets the time."
    }
   },
   {
    "box": {
     "id": "obj-237",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2154.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/clock"
    }
   },
   {
    "box": {
     "id": "obj-238",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2154.0,
      131.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend setsymbol"
    }
   },
   {
    "box": {
     "id": "obj-239",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      684.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      684.0,
      130.0,
      20.0
     ],
     "text": "clock in",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-240",
     "maxclass": "textedit",
     "numinlets": 1,
     "numoutlets": 4,
     "patching_rect": [
      480.0,
      684.0,
      170.0,
      40.0
     ],
     "outlettype": [
      "",
      "int",
      "",
      ""
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      684.0,
      170.0,
      40.0
     ],
     "keymode": 1,
     "outputmode": 1,
     "lines": 2,
     "parameter_enable": 0,
     "text": "",
     "varname": "riffsynth.clock_in",
     "hint": "Part of the name of the MIDI clock to follow; empty follows the first one heard.",
     "annotation": "Part of the name of the MIDI clock to follow; empty follows the first one heard."
    }
   },
   {
    "box": {
     "id": "obj-241",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      350.0,
      2184.0,
      82.0,
      22.0
     ],
     "outlettype": [
      "",
      ""
     ],
     "text": "route text"
    }
   },
   {
    "box": {
     "id": "obj-242",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2208.0,
      201.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/clock_in"
    }
   },
   {
    "box": {
     "id": "obj-243",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2208.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-244",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      738.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      738.0,
      130.0,
      20.0
     ],
     "text": "clock offset (ms)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-245",
     "maxclass": "flonum",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      738.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      738.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": -500,
     "maximum": 500,
     "varname": "riffsynth.clock_offset",
     "hint": "Moves the sound against the clock; positive is later.",
     "annotation": "Moves the sound against the clock; positive is later."
    }
   },
   {
    "box": {
     "id": "obj-246",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2262.0,
      229.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/clock_offset"
    }
   },
   {
    "box": {
     "id": "obj-247",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2262.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-248",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      792.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      792.0,
      130.0,
      20.0
     ],
     "text": "play",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-249",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      480.0,
      792.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      792.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.play",
     "hint": "Starts the clock.",
     "annotation": "Starts the clock."
    }
   },
   {
    "box": {
     "id": "obj-250",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2292.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/play"
    }
   },
   {
    "box": {
     "id": "obj-251",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      846.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      846.0,
      130.0,
      20.0
     ],
     "text": "stop",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-252",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      480.0,
      846.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      846.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.stop",
     "hint": "Stops the clock.",
     "annotation": "Stops the clock."
    }
   },
   {
    "box": {
     "id": "obj-253",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2346.0,
      117.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/stop"
    }
   },
   {
    "box": {
     "id": "obj-254",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      900.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      900.0,
      130.0,
      20.0
     ],
     "text": "tap",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-255",
     "maxclass": "button",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      480.0,
      900.0,
      30.0,
      30.0
     ],
     "outlettype": [
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      900.0,
      30.0,
      30.0
     ],
     "parameter_enable": 0,
     "varname": "riffsynth.tap",
     "hint": "Taps the tempo.",
     "annotation": "Taps the tempo."
    }
   },
   {
    "box": {
     "id": "obj-256",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2400.0,
      110.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "/riffsynth/tap"
    }
   },
   {
    "box": {
     "id": "obj-257",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      954.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      954.0,
      130.0,
      20.0
     ],
     "text": "nudge (ms)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-258",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      954.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      954.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.nudge",
       "parameter_shortname": "nudge",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -100.0,
       "parameter_mmax": 100.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.nudge",
     "hint": "Moves the beat once, later if positive, and is 0 again; under another clock it moves clock_offset.",
     "annotation": "Moves the beat once, later if positive, and is 0 again; under another clock it moves clock_offset."
    }
   },
   {
    "box": {
     "id": "obj-259",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2478.0,
      180.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/nudge"
    }
   },
   {
    "box": {
     "id": "obj-260",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2478.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-261",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      1008.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      1008.0,
      130.0,
      20.0
     ],
     "text": "jump (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-262",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      1008.0,
      44.0,
      48.0
     ],
     "outlettype": [
      "",
      "float"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      1008.0,
      44.0,
      48.0
     ],
     "parameter_enable": 1,
     "showname": 0,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "riffsynth.jump",
       "parameter_shortname": "jump",
       "parameter_type": 0,
       "parameter_unitstyle": 1,
       "parameter_mmin": -64.0,
       "parameter_mmax": 64.0,
       "parameter_initial": [
        0.0
       ],
       "parameter_initial_enable": 0,
       "parameter_invisible": 1
      }
     },
     "varname": "riffsynth.jump",
     "hint": "Jumps so many beats on, or back, and is 0 again.",
     "annotation": "Jumps so many beats on, or back, and is 0 again."
    }
   },
   {
    "box": {
     "id": "obj-263",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2532.0,
      173.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/jump"
    }
   },
   {
    "box": {
     "id": "obj-264",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2532.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "obj-265",
     "maxclass": "comment",
     "numinlets": 1,
     "numoutlets": 0,
     "patching_rect": [
      350.0,
      1062.0,
      130.0,
      20.0
     ],
     "presentation": 1,
     "presentation_rect": [
      350.0,
      1062.0,
      130.0,
      20.0
     ],
     "text": "locate (beats)",
     "fontsize": 12.0
    }
   },
   {
    "box": {
     "id": "obj-266",
     "maxclass": "flonum",
     "numinlets": 1,
     "numoutlets": 2,
     "patching_rect": [
      480.0,
      1062.0,
      90.0,
      22.0
     ],
     "outlettype": [
      "",
      "bang"
     ],
     "presentation": 1,
     "presentation_rect": [
      480.0,
      1062.0,
      90.0,
      22.0
     ],
     "parameter_enable": 0,
     "minimum": -1,
     "maximum": 4096,
     "varname": "riffsynth.locate",
     "hint": "Goes to this beat of the song, and is -1 again.",
     "annotation": "Goes to this beat of the song, and is -1 again."
    }
   },
   {
    "box": {
     "id": "obj-267",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      350.0,
      2586.0,
      187.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend /riffsynth/locate"
    }
   },
   {
    "box": {
     "id": "obj-268",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "patching_rect": [
      520.0,
      2586.0,
      89.0,
      22.0
     ],
     "outlettype": [
      ""
     ],
     "text": "prepend set"
    }
   }
  ],
  "lines": [
   {
    "patchline": {
     "source": [
      "obj-2",
      0
     ],
     "destination": [
      "obj-3",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-5",
      0
     ],
     "destination": [
      "obj-6",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-6",
      0
     ],
     "destination": [
      "obj-8",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-8",
      1
     ],
     "destination": [
      "obj-9",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-9",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-8",
      0
     ],
     "destination": [
      "obj-10",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-10",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      53
     ],
     "destination": [
      "obj-11",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-11",
      0
     ],
     "destination": [
      "obj-12",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-21",
      0
     ],
     "destination": [
      "obj-22",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-22",
      0
     ],
     "destination": [
      "obj-23",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-23",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      0
     ],
     "destination": [
      "obj-24",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-24",
      0
     ],
     "destination": [
      "obj-21",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-26",
      0
     ],
     "destination": [
      "obj-27",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-27",
      0
     ],
     "destination": [
      "obj-28",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-28",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      1
     ],
     "destination": [
      "obj-29",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-29",
      0
     ],
     "destination": [
      "obj-26",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-31",
      0
     ],
     "destination": [
      "obj-32",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-32",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      2
     ],
     "destination": [
      "obj-33",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-33",
      0
     ],
     "destination": [
      "obj-31",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-35",
      0
     ],
     "destination": [
      "obj-36",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-36",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      3
     ],
     "destination": [
      "obj-37",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-37",
      0
     ],
     "destination": [
      "obj-35",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-39",
      0
     ],
     "destination": [
      "obj-40",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-40",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      4
     ],
     "destination": [
      "obj-41",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-41",
      0
     ],
     "destination": [
      "obj-39",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-43",
      0
     ],
     "destination": [
      "obj-44",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-44",
      0
     ],
     "destination": [
      "obj-45",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-45",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      5
     ],
     "destination": [
      "obj-46",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-46",
      0
     ],
     "destination": [
      "obj-43",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-48",
      0
     ],
     "destination": [
      "obj-49",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-49",
      0
     ],
     "destination": [
      "obj-50",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-50",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      6
     ],
     "destination": [
      "obj-51",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-51",
      0
     ],
     "destination": [
      "obj-48",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-53",
      0
     ],
     "destination": [
      "obj-54",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-54",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      7
     ],
     "destination": [
      "obj-55",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-55",
      0
     ],
     "destination": [
      "obj-53",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-57",
      0
     ],
     "destination": [
      "obj-58",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-58",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      8
     ],
     "destination": [
      "obj-59",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-59",
      0
     ],
     "destination": [
      "obj-57",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-61",
      0
     ],
     "destination": [
      "obj-62",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-62",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      9
     ],
     "destination": [
      "obj-63",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-63",
      0
     ],
     "destination": [
      "obj-61",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-65",
      0
     ],
     "destination": [
      "obj-66",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-66",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      10
     ],
     "destination": [
      "obj-67",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-67",
      0
     ],
     "destination": [
      "obj-65",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-69",
      0
     ],
     "destination": [
      "obj-70",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-70",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      11
     ],
     "destination": [
      "obj-71",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-71",
      0
     ],
     "destination": [
      "obj-69",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-73",
      0
     ],
     "destination": [
      "obj-74",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-74",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      12
     ],
     "destination": [
      "obj-75",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-75",
      0
     ],
     "destination": [
      "obj-73",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-77",
      0
     ],
     "destination": [
      "obj-78",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-78",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      13
     ],
     "destination": [
      "obj-79",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-79",
      0
     ],
     "destination": [
      "obj-77",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-81",
      0
     ],
     "destination": [
      "obj-82",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-82",
      0
     ],
     "destination": [
      "obj-83",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-83",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      14
     ],
     "destination": [
      "obj-84",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-84",
      0
     ],
     "destination": [
      "obj-81",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-86",
      0
     ],
     "destination": [
      "obj-87",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-87",
      0
     ],
     "destination": [
      "obj-88",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-88",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      15
     ],
     "destination": [
      "obj-89",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-89",
      0
     ],
     "destination": [
      "obj-86",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-91",
      0
     ],
     "destination": [
      "obj-92",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-92",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      16
     ],
     "destination": [
      "obj-93",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-93",
      0
     ],
     "destination": [
      "obj-91",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-95",
      0
     ],
     "destination": [
      "obj-96",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-96",
      0
     ],
     "destination": [
      "obj-97",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-97",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      17
     ],
     "destination": [
      "obj-98",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-98",
      0
     ],
     "destination": [
      "obj-95",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-100",
      1
     ],
     "destination": [
      "obj-101",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-101",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      18
     ],
     "destination": [
      "obj-102",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-102",
      0
     ],
     "destination": [
      "obj-100",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-104",
      0
     ],
     "destination": [
      "obj-105",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-105",
      0
     ],
     "destination": [
      "obj-106",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-106",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      19
     ],
     "destination": [
      "obj-107",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-107",
      0
     ],
     "destination": [
      "obj-104",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-109",
      0
     ],
     "destination": [
      "obj-110",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-110",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      20
     ],
     "destination": [
      "obj-111",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-111",
      0
     ],
     "destination": [
      "obj-109",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-113",
      0
     ],
     "destination": [
      "obj-114",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-114",
      0
     ],
     "destination": [
      "obj-115",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-115",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      21
     ],
     "destination": [
      "obj-116",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-116",
      0
     ],
     "destination": [
      "obj-113",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-118",
      0
     ],
     "destination": [
      "obj-119",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-119",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      22
     ],
     "destination": [
      "obj-120",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-120",
      0
     ],
     "destination": [
      "obj-118",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-122",
      0
     ],
     "destination": [
      "obj-123",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-123",
      0
     ],
     "destination": [
      "obj-124",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-124",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      23
     ],
     "destination": [
      "obj-125",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-125",
      0
     ],
     "destination": [
      "obj-122",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-127",
      0
     ],
     "destination": [
      "obj-128",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-128",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      24
     ],
     "destination": [
      "obj-129",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-129",
      0
     ],
     "destination": [
      "obj-127",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-131",
      0
     ],
     "destination": [
      "obj-132",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-132",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      25
     ],
     "destination": [
      "obj-133",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-133",
      0
     ],
     "destination": [
      "obj-131",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-135",
      0
     ],
     "destination": [
      "obj-136",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-136",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      26
     ],
     "destination": [
      "obj-137",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-137",
      0
     ],
     "destination": [
      "obj-135",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-139",
      0
     ],
     "destination": [
      "obj-140",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-140",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      27
     ],
     "destination": [
      "obj-141",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-141",
      0
     ],
     "destination": [
      "obj-139",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-143",
      1
     ],
     "destination": [
      "obj-144",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-144",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      28
     ],
     "destination": [
      "obj-145",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-145",
      0
     ],
     "destination": [
      "obj-143",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-147",
      0
     ],
     "destination": [
      "obj-148",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-148",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      29
     ],
     "destination": [
      "obj-149",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-149",
      0
     ],
     "destination": [
      "obj-147",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-151",
      1
     ],
     "destination": [
      "obj-152",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-152",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      30
     ],
     "destination": [
      "obj-153",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-153",
      0
     ],
     "destination": [
      "obj-151",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-155",
      0
     ],
     "destination": [
      "obj-156",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-156",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      31
     ],
     "destination": [
      "obj-157",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-157",
      0
     ],
     "destination": [
      "obj-155",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-159",
      0
     ],
     "destination": [
      "obj-160",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-160",
      0
     ],
     "destination": [
      "obj-161",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-161",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      32
     ],
     "destination": [
      "obj-162",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-162",
      0
     ],
     "destination": [
      "obj-159",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-164",
      0
     ],
     "destination": [
      "obj-165",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-165",
      0
     ],
     "destination": [
      "obj-166",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-166",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      33
     ],
     "destination": [
      "obj-167",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-167",
      0
     ],
     "destination": [
      "obj-164",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-169",
      0
     ],
     "destination": [
      "obj-170",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-170",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-172",
      0
     ],
     "destination": [
      "obj-173",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-173",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-175",
      0
     ],
     "destination": [
      "obj-176",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-176",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      34
     ],
     "destination": [
      "obj-177",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-177",
      0
     ],
     "destination": [
      "obj-175",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-179",
      0
     ],
     "destination": [
      "obj-180",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-180",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      35
     ],
     "destination": [
      "obj-181",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-181",
      0
     ],
     "destination": [
      "obj-179",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-183",
      0
     ],
     "destination": [
      "obj-184",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-184",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      36
     ],
     "destination": [
      "obj-185",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-185",
      0
     ],
     "destination": [
      "obj-183",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-187",
      0
     ],
     "destination": [
      "obj-188",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-188",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      37
     ],
     "destination": [
      "obj-189",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-189",
      0
     ],
     "destination": [
      "obj-187",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-191",
      0
     ],
     "destination": [
      "obj-192",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-192",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-194",
      0
     ],
     "destination": [
      "obj-195",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-195",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-197",
      0
     ],
     "destination": [
      "obj-198",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-198",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-200",
      0
     ],
     "destination": [
      "obj-201",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-201",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      38
     ],
     "destination": [
      "obj-202",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-202",
      0
     ],
     "destination": [
      "obj-200",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-204",
      0
     ],
     "destination": [
      "obj-205",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-205",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      39
     ],
     "destination": [
      "obj-206",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-206",
      0
     ],
     "destination": [
      "obj-204",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-208",
      0
     ],
     "destination": [
      "obj-209",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-209",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      40
     ],
     "destination": [
      "obj-210",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-210",
      0
     ],
     "destination": [
      "obj-208",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-212",
      0
     ],
     "destination": [
      "obj-213",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-213",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      41
     ],
     "destination": [
      "obj-214",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-214",
      0
     ],
     "destination": [
      "obj-212",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-216",
      0
     ],
     "destination": [
      "obj-217",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-217",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      42
     ],
     "destination": [
      "obj-218",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-218",
      0
     ],
     "destination": [
      "obj-216",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-220",
      0
     ],
     "destination": [
      "obj-221",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-221",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      43
     ],
     "destination": [
      "obj-222",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-222",
      0
     ],
     "destination": [
      "obj-220",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-224",
      0
     ],
     "destination": [
      "obj-225",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-225",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      44
     ],
     "destination": [
      "obj-226",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-226",
      0
     ],
     "destination": [
      "obj-224",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-228",
      0
     ],
     "destination": [
      "obj-229",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-229",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      45
     ],
     "destination": [
      "obj-230",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-230",
      0
     ],
     "destination": [
      "obj-228",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-232",
      0
     ],
     "destination": [
      "obj-233",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-233",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      46
     ],
     "destination": [
      "obj-234",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-234",
      0
     ],
     "destination": [
      "obj-232",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-236",
      1
     ],
     "destination": [
      "obj-237",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-237",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      47
     ],
     "destination": [
      "obj-238",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-238",
      0
     ],
     "destination": [
      "obj-236",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-240",
      0
     ],
     "destination": [
      "obj-241",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-241",
      0
     ],
     "destination": [
      "obj-242",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-242",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      48
     ],
     "destination": [
      "obj-243",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-243",
      0
     ],
     "destination": [
      "obj-240",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-245",
      0
     ],
     "destination": [
      "obj-246",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-246",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      49
     ],
     "destination": [
      "obj-247",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-247",
      0
     ],
     "destination": [
      "obj-245",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-249",
      0
     ],
     "destination": [
      "obj-250",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-250",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-252",
      0
     ],
     "destination": [
      "obj-253",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-253",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-255",
      0
     ],
     "destination": [
      "obj-256",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-256",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-258",
      0
     ],
     "destination": [
      "obj-259",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-259",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      50
     ],
     "destination": [
      "obj-260",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-260",
      0
     ],
     "destination": [
      "obj-258",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-262",
      0
     ],
     "destination": [
      "obj-263",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-263",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      51
     ],
     "destination": [
      "obj-264",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-264",
      0
     ],
     "destination": [
      "obj-262",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-266",
      0
     ],
     "destination": [
      "obj-267",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-267",
      0
     ],
     "destination": [
      "obj-1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-3",
      52
     ],
     "destination": [
      "obj-268",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "obj-268",
      0
     ],
     "destination": [
      "obj-266",
      0
     ]
    }
   }
  ],
  "dependency_cache": [],
  "autosave": 0
 }
}
