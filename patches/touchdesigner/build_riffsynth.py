# Builds the component `riffsynth` in TouchDesigner. Made by `riffsynth patches`: changes are lost.
#
# Drag this file into a network, right-click the Text DAT that it becomes and choose Run Script. The component appears
# beside it, with a custom parameter for everything that riffsynth lets you move. Run it again to build it anew.

HOST = "127.0.0.1"
OSC_PORT = 9000
FEEDBACK_PORT = 9001

ROWS = [{'par': 'Aprompt',
  'style': 'Str',
  'page': 'End A',
  'label': 'a prompt',
  'address': '/riffsynth/a/prompt',
  'help': 'The prompt of end A.',
  'default': ''},
 {'par': 'Anegative',
  'style': 'Str',
  'page': 'End A',
  'label': 'a negative',
  'address': '/riffsynth/a/negative',
  'help': 'What must not be heard: the negative prompt of end A.',
  'default': ''},
 {'par': 'Aseed',
  'style': 'Int',
  'page': 'End A',
  'label': 'a seed',
  'address': '/riffsynth/a/seed',
  'help': 'The seed of end A: same seed, same noise.',
  'default': 0,
  'min': 0,
  'max': 2147483647},
 {'par': 'Astrength',
  'style': 'Float',
  'page': 'End A',
  'label': 'a strength',
  'address': '/riffsynth/a/strength',
  'help': 'Denoising strength of end A: 0 leaves the init clip, 1 starts from noise.',
  'default': 1.0,
  'min': 0.0,
  'max': 1.0},
 {'par': 'Aguidance',
  'style': 'Float',
  'page': 'End A',
  'label': 'a guidance',
  'address': '/riffsynth/a/guidance',
  'help': 'How strictly clips follow the prompt of end A.',
  'default': 3.0,
  'min': 0.0,
  'max': 20.0},
 {'par': 'Bprompt',
  'style': 'Str',
  'page': 'End B',
  'label': 'b prompt',
  'address': '/riffsynth/b/prompt',
  'help': 'The prompt of end B.',
  'default': ''},
 {'par': 'Bnegative',
  'style': 'Str',
  'page': 'End B',
  'label': 'b negative',
  'address': '/riffsynth/b/negative',
  'help': 'What must not be heard: the negative prompt of end B.',
  'default': ''},
 {'par': 'Bseed',
  'style': 'Int',
  'page': 'End B',
  'label': 'b seed',
  'address': '/riffsynth/b/seed',
  'help': 'The seed of end B: same seed, same noise.',
  'default': 0,
  'min': 0,
  'max': 2147483647},
 {'par': 'Bstrength',
  'style': 'Float',
  'page': 'End B',
  'label': 'b strength',
  'address': '/riffsynth/b/strength',
  'help': 'Denoising strength of end B: 0 leaves the init clip, 1 starts from noise.',
  'default': 1.0,
  'min': 0.0,
  'max': 1.0},
 {'par': 'Bguidance',
  'style': 'Float',
  'page': 'End B',
  'label': 'b guidance',
  'address': '/riffsynth/b/guidance',
  'help': 'How strictly clips follow the prompt of end B.',
  'default': 3.0,
  'min': 0.0,
  'max': 20.0},
 {'par': 'Alpha',
  'style': 'Float',
  'page': 'Between the ends',
  'label': 'alpha',
  'address': '/riffsynth/alpha',
  'help': 'The way from end A (0) to end B (1).',
  'default': 0.0,
  'min': 0.0,
  'max': 1.0},
 {'par': 'Strength',
  'style': 'Float',
  'page': 'Next clip',
  'label': 'strength',
  'address': '/riffsynth/strength',
  'help': 'Sets the strength of both ends; asked, it answers the value at alpha.',
  'default': 1.0,
  'min': 0.0,
  'max': 1.0},
 {'par': 'Guidance',
  'style': 'Float',
  'page': 'Next clip',
  'label': 'guidance',
  'address': '/riffsynth/guidance',
  'help': 'Sets the guidance of both ends; asked, it answers the value at alpha.',
  'default': 3.0,
  'min': 0.0,
  'max': 20.0},
 {'par': 'Steps',
  'style': 'Int',
  'page': 'Next clip',
  'label': 'steps',
  'address': '/riffsynth/steps',
  'help': 'Diffusion steps a clip; 0 chooses as many as reach the next boundary.',
  'default': 0,
  'min': 0,
  'max': 100},
 {'par': 'Harmony',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'harmony',
  'address': '/riffsynth/harmony',
  'help': 'Added to both prompts, such as C minor; held chords set it where notes is harmony.',
  'default': ''},
 {'par': 'Init',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'init',
  'address': '/riffsynth/init',
  'help': 'The clip that strength works against: none, playing, input, or a sound or image file, or a folder of '
          'them.',
  'default': 'none'},
 {'par': 'Initnumber',
  'style': 'Int',
  'page': 'Next clip',
  'label': 'init number',
  'address': '/riffsynth/init_number',
  'help': 'Which file of the init folder, by name; past the last one it begins again.',
  'default': 0,
  'min': 0,
  'max': 999},
 {'par': 'Mask',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'mask',
  'address': '/riffsynth/mask',
  'help': 'What of the init clip is painted anew: none (all of it), or an image file, white where it is.',
  'default': 'none'},
 {'par': 'Sampler',
  'style': 'Menu',
  'page': 'Next clip',
  'label': 'sampler',
  'address': '/riffsynth/sampler',
  'help': "The way of the steps: the model's own, or another; lcm is for few-step LoRAs.",
  'default': 'own',
  'choices': ['own', 'ddim', 'euler', 'dpm', 'lcm']},
 {'par': 'Lora1',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'lora1',
  'address': '/riffsynth/lora1',
  'help': 'A LoRA that is added to the model: none, or a .safetensors file.',
  'default': 'none'},
 {'par': 'Lora1weight',
  'style': 'Float',
  'page': 'Next clip',
  'label': 'lora1 weight',
  'address': '/riffsynth/lora1_weight',
  'help': 'How much of LoRA 1 is added; 0 is none of it.',
  'default': 1.0,
  'min': -2.0,
  'max': 2.0},
 {'par': 'Lora2',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'lora2',
  'address': '/riffsynth/lora2',
  'help': 'A LoRA that is added to the model: none, or a .safetensors file.',
  'default': 'none'},
 {'par': 'Lora2weight',
  'style': 'Float',
  'page': 'Next clip',
  'label': 'lora2 weight',
  'address': '/riffsynth/lora2_weight',
  'help': 'How much of LoRA 2 is added; 0 is none of it.',
  'default': 1.0,
  'min': -2.0,
  'max': 2.0},
 {'par': 'Lora3',
  'style': 'Str',
  'page': 'Next clip',
  'label': 'lora3',
  'address': '/riffsynth/lora3',
  'help': 'A LoRA that is added to the model: none, or a .safetensors file.',
  'default': 'none'},
 {'par': 'Lora3weight',
  'style': 'Float',
  'page': 'Next clip',
  'label': 'lora3 weight',
  'address': '/riffsynth/lora3_weight',
  'help': 'How much of LoRA 3 is added; 0 is none of it.',
  'default': 1.0,
  'min': -2.0,
  'max': 2.0},
 {'par': 'Endless',
  'style': 'Toggle',
  'page': 'Next clip',
  'label': 'endless',
  'address': '/riffsynth/endless',
  'help': 'Music that never repeats: while one half of the clip plays, the other is painted on.',
  'default': False},
 {'par': 'Drift',
  'style': 'Toggle',
  'page': 'Next clip',
  'label': 'drift',
  'address': '/riffsynth/drift',
  'help': 'The seeds move on by one with each pass of the clip.',
  'default': False},
 {'par': 'Quantize',
  'style': 'Float',
  'page': 'Instrument',
  'label': 'quantize (beats)',
  'address': '/riffsynth/quantize',
  'help': 'New clips enter at multiples of this many beats; 0 at once.',
  'default': 4.0,
  'min': 0.0,
  'max': 64.0},
 {'par': 'Quantizeto',
  'style': 'Menu',
  'page': 'Instrument',
  'label': 'quantize to',
  'address': '/riffsynth/quantize_to',
  'help': 'Sets quantize in beats or bars of the meter, and follows it; beats leaves it to quantize.',
  'default': 'beats',
  'choices': ['beats', 'off', 'beat', 'bar', '2 bars', '4 bars', '8 bars']},
 {'par': 'Crossfade',
  'style': 'Float',
  'page': 'Instrument',
  'label': 'crossfade (beats)',
  'address': '/riffsynth/crossfade',
  'help': 'Length of the crossfade to a new clip.',
  'default': 1.0,
  'min': 0.0,
  'max': 32.0},
 {'par': 'Notes',
  'style': 'Menu',
  'page': 'Instrument',
  'label': 'notes',
  'address': '/riffsynth/notes',
  'help': 'What keys do that are not bound: nothing, transpose the clip, or set the harmony.',
  'default': 'off',
  'choices': ['off', 'transpose', 'harmony']},
 {'par': 'Modulation',
  'style': 'Toggle',
  'page': 'Instrument',
  'label': 'modulation',
  'address': '/riffsynth/modulation',
  'help': "The preset's LFOs, envelopes and audio inputs move what they are bound to.",
  'default': True},
 {'par': 'Preset',
  'style': 'Str',
  'page': 'Instrument',
  'label': 'preset',
  'address': '/riffsynth/preset',
  'help': 'Loads a preset by name or path.',
  'default': '',
  'again': 'Presetagain'},
 {'par': 'Setlist',
  'style': 'Str',
  'page': 'Instrument',
  'label': 'setlist',
  'address': '/riffsynth/setlist',
  'help': "The set: a folder of presets or a YAML list of them; empty is the preset's own folder.",
  'default': ''},
 {'par': 'Next',
  'style': 'Pulse',
  'page': 'Instrument',
  'label': 'next',
  'address': '/riffsynth/next',
  'help': 'Goes to the next preset of the set, over morph_beats.'},
 {'par': 'Previous',
  'style': 'Pulse',
  'page': 'Instrument',
  'label': 'previous',
  'address': '/riffsynth/previous',
  'help': 'Goes to the previous preset of the set, over morph_beats.'},
 {'par': 'Morph',
  'style': 'Float',
  'page': 'Instrument',
  'label': 'morph',
  'address': '/riffsynth/morph',
  'help': 'The place in the set: 0 is its first preset, 1.5 halfway between the 2nd and the 3rd.',
  'default': 0.0,
  'min': 0.0,
  'max': 127.0},
 {'par': 'Morphbeats',
  'style': 'Float',
  'page': 'Instrument',
  'label': 'morph beats (beats)',
  'address': '/riffsynth/morph_beats',
  'help': 'What a morph to another place, next or previous takes; 0 is at once.',
  'default': 0.0,
  'min': 0.0,
  'max': 256.0},
 {'par': 'Snapshot',
  'style': 'Int',
  'page': 'Instrument',
  'label': 'snapshot',
  'address': '/riffsynth/snapshot',
  'help': 'Recalls a snapshot of this preset; 0 is none.',
  'default': 0,
  'min': 0,
  'max': 128,
  'again': 'Snapshotagain'},
 {'par': 'Snapshotstore',
  'style': 'Int',
  'page': 'Instrument',
  'label': 'snapshot store',
  'address': '/riffsynth/snapshot_store',
  'help': 'Stores what shapes the sound, as it stands, as a snapshot of this preset; 0 is none.',
  'default': 0,
  'min': 0,
  'max': 128,
  'again': 'Snapshotstoreagain'},
 {'par': 'Undo',
  'style': 'Pulse',
  'page': 'Instrument',
  'label': 'undo',
  'address': '/riffsynth/undo',
  'help': 'Takes back the last move, preset, snapshot or morph.'},
 {'par': 'Redo',
  'style': 'Pulse',
  'page': 'Instrument',
  'label': 'redo',
  'address': '/riffsynth/redo',
  'help': 'Takes back the last undo.'},
 {'par': 'Panic',
  'style': 'Pulse',
  'page': 'Instrument',
  'label': 'panic',
  'address': '/riffsynth/panic',
  'help': 'Silences the sound at once, drops what is being generated, and starts again.'},
 {'par': 'Level',
  'style': 'Float',
  'page': 'Now',
  'label': 'level (dB)',
  'address': '/riffsynth/level',
  'help': 'Loudness.',
  'default': 0.0,
  'min': -60.0,
  'max': 12.0},
 {'par': 'Mute',
  'style': 'Toggle',
  'page': 'Now',
  'label': 'mute',
  'address': '/riffsynth/mute',
  'help': 'Silence, while everything goes on.',
  'default': False},
 {'par': 'Freeze',
  'style': 'Toggle',
  'page': 'Now',
  'label': 'freeze',
  'address': '/riffsynth/freeze',
  'help': 'The playhead stands; what sounds now is held.',
  'default': False},
 {'par': 'Speed',
  'style': 'Float',
  'page': 'Now',
  'label': 'speed (x)',
  'address': '/riffsynth/speed',
  'help': 'Speed of the playhead against the clock; at 1, and at half, double and whole speeds, it falls in with '
          'the beat.',
  'default': 1.0,
  'min': 0.0,
  'max': 4.0},
 {'par': 'Reverse',
  'style': 'Toggle',
  'page': 'Now',
  'label': 'reverse',
  'address': '/riffsynth/reverse',
  'help': 'The playhead runs backwards, in time with the beat.',
  'default': False},
 {'par': 'Pitch',
  'style': 'Float',
  'page': 'Now',
  'label': 'pitch (semitones)',
  'address': '/riffsynth/pitch',
  'help': 'Transposition; the tempo stays.',
  'default': 0.0,
  'min': -24.0,
  'max': 24.0},
 {'par': 'Loopbeats',
  'style': 'Float',
  'page': 'Now',
  'label': 'loop beats (beats)',
  'address': '/riffsynth/loop_beats',
  'help': 'Repeats the slice of this length that the playhead is in, down to 1/8 beat; 0 plays all of the clip.',
  'default': 0.0,
  'min': 0.0,
  'max': 8.0},
 {'par': 'Tempo',
  'style': 'Float',
  'page': 'Time',
  'label': 'tempo (beats/min)',
  'address': '/riffsynth/tempo',
  'help': 'Tempo of the internal clock, and of everybody on Link.',
  'default': 120.0,
  'min': 20.0,
  'max': 400.0},
 {'par': 'Meter',
  'style': 'Int',
  'page': 'Time',
  'label': 'meter (beats)',
  'address': '/riffsynth/meter',
  'help': 'Beats a bar; a clip loops its largest whole number of bars.',
  'default': 4,
  'min': 1,
  'max': 16},
 {'par': 'Clock',
  'style': 'Menu',
  'page': 'Time',
  'label': 'clock',
  'address': '/riffsynth/clock',
  'help': 'Who sets the time.',
  'default': 'internal',
  'choices': ['internal', 'midi', 'link']},
 {'par': 'Clockin',
  'style': 'Str',
  'page': 'Time',
  'label': 'clock in',
  'address': '/riffsynth/clock_in',
  'help': 'Part of the name of the MIDI clock to follow; empty follows the first one heard.',
  'default': ''},
 {'par': 'Clockoffset',
  'style': 'Float',
  'page': 'Time',
  'label': 'clock offset (ms)',
  'address': '/riffsynth/clock_offset',
  'help': 'Moves the sound against the clock; positive is later.',
  'default': 0.0,
  'min': -500.0,
  'max': 500.0},
 {'par': 'Play',
  'style': 'Pulse',
  'page': 'Time',
  'label': 'play',
  'address': '/riffsynth/play',
  'help': 'Starts the clock.'},
 {'par': 'Stop',
  'style': 'Pulse',
  'page': 'Time',
  'label': 'stop',
  'address': '/riffsynth/stop',
  'help': 'Stops the clock.'},
 {'par': 'Tap',
  'style': 'Pulse',
  'page': 'Time',
  'label': 'tap',
  'address': '/riffsynth/tap',
  'help': 'Taps the tempo.'},
 {'par': 'Nudge',
  'style': 'Float',
  'page': 'Time',
  'label': 'nudge (ms)',
  'address': '/riffsynth/nudge',
  'help': 'Moves the beat once, later if positive, and is 0 again; under another clock it moves clock_offset.',
  'default': 0.0,
  'min': -100.0,
  'max': 100.0},
 {'par': 'Jump',
  'style': 'Float',
  'page': 'Time',
  'label': 'jump (beats)',
  'address': '/riffsynth/jump',
  'help': 'Jumps so many beats on, or back, and is 0 again.',
  'default': 0.0,
  'min': -64.0,
  'max': 64.0},
 {'par': 'Locate',
  'style': 'Float',
  'page': 'Time',
  'label': 'locate (beats)',
  'address': '/riffsynth/locate',
  'help': 'Goes to this beat of the song, and is -1 again.',
  'default': -1.0,
  'min': -1.0,
  'max': 4096.0}]

CALLBACKS = """
# What riffsynth tells: a parameter follows what was moved elsewhere.

def onReceiveOSC(dat, rowIndex, message, byteData, timeStamp, address, args, peer):
    comp = dat.parent()
    if address == '/riffsynth/error':
        comp.par.Error = args[0]
        return
    name = comp.fetch('names').get(address)
    if name is None or not args:
        return
    par = getattr(comp.par, name)
    par.val = args[0]
    comp.fetch('heard')[name] = par.eval()
"""

CHANGES = """
# What is moved here goes to riffsynth, except what it has just told.

def onValueChange(par, prev):
    comp = par.owner
    address = comp.fetch('addresses').get(par.name)
    heard = comp.fetch('heard')
    if address is None or heard.pop(par.name, None) == par.eval():
        return
    value = par.eval()
    comp.op('osc_out').sendOSC(address, [int(value) if isinstance(value, bool) else value])

def onPulse(par):
    comp = par.owner
    if par.name == 'Connect':
        comp.op('osc_out').sendOSC('/riffsynth/notify', [int(comp.op('osc_in').par.port)])
        comp.op('osc_out').sendOSC('/riffsynth/refresh', [])
        return
    if par.name in comp.fetch('again'):
        name = comp.fetch('again')[par.name]
        comp.op('osc_out').sendOSC(comp.fetch('addresses')[name], [getattr(comp.par, name).eval()])
        return
    address = comp.fetch('addresses').get(par.name)
    if address is not None:
        comp.op('osc_out').sendOSC(address, [])
"""

START = """
def onStart():
    parent().par.Connect.pulse()
"""


def build(parent):
    """The component, made anew in `parent`."""
    old = parent.op('riffsynth')
    if old is not None:
        old.destroy()
    comp = parent.create(baseCOMP, 'riffsynth')
    comp.store('addresses', {row['par']: row['address'] for row in ROWS})
    comp.store('names', {row['address']: row['par'] for row in ROWS if row['style'] != 'Pulse'})
    comp.store('again', {row['again']: row['par'] for row in ROWS if 'again' in row})
    comp.store('heard', {})
    _pages(comp)
    _network(comp)
    run('args[0].par.Connect.pulse()', comp, delayFrames=30)
    return comp


def _pages(comp):
    connection = comp.appendCustomPage('Connection')
    connection.appendPulse('Connect', label='Connect (again)')
    connection.appendStr('Error', label='Last error')
    pages = {}
    for row in ROWS:
        if row['page'] not in pages:
            pages[row['page']] = comp.appendCustomPage(row['page'])
        page = pages[row['page']]
        par = getattr(page, 'append' + row['style'])(row['par'], label=row['label'])[0]
        par.help = row['help']
        if 'choices' in row:
            par.menuNames = row['choices']
            par.menuLabels = row['choices']
        if 'min' in row:
            par.min = par.normMin = row['min']
            par.max = par.normMax = row['max']
            par.clampMin = par.clampMax = True
        if 'again' in row:
            page.appendPulse(row['again'], label=row['label'] + ' again')
        if 'default' in row:
            par.default = row['default']  # not its value: building must not move the instrument


def _network(comp):
    sender = comp.create(oscoutDAT, 'osc_out')
    sender.par.address = HOST
    sender.par.port = OSC_PORT
    callbacks = comp.create(textDAT, 'osc_in_callbacks')
    callbacks.text = CALLBACKS
    receiver = comp.create(oscinDAT, 'osc_in')
    receiver.par.port = FEEDBACK_PORT
    receiver.par.callbacks = callbacks
    changes = comp.create(parameterexecuteDAT, 'changes')
    changes.text = CHANGES
    changes.par.op = comp
    changes.par.pars = '*'
    changes.par.custom = True
    changes.par.builtin = False
    changes.par.valuechange = True
    changes.par.onpulse = True
    start = comp.create(executeDAT, 'on_start')
    start.text = START
    start.par.start = True
    for index, each in enumerate((sender, callbacks, receiver, changes, start)):
        each.nodeX, each.nodeY = 200 * index, 0


build(me.parent())
