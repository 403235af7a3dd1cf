"""The page's process: OSCQuery and the web page, a client of control like any other, so that viewers delay nothing."""
