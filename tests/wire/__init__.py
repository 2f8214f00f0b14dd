"""Servers on loopback that speak what the real ones speak, so that real SDKs are what is tested."""
