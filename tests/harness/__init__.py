"""What the tests of several folders share: peers, programs, networks, and patience."""
