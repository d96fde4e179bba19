"""The carrier's gateway for phones in browsers: signalling as its Voice SDK speaks it, and real sound.

A process of its own, which asks the sandbox what happens to the calls of its pages. https://www.twilio.com/docs/voice/sdks/javascript
"""
