"""Imports that the server's layout of folders cannot satisfy."""
