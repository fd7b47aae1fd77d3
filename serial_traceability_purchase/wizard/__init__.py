from . import serial_scan_import
