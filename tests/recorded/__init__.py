"""Recordings of real devices (package snmpsim-data), served over UDP and polled."""
