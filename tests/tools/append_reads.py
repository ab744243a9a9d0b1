# SPDX-License-Identifier: MIT
"""An image, read by pycdlib by its Joliet names, is a folder of the host."""
import io
import os
import sys

import pycdlib

image, folder = sys.argv[1:]
iso = pycdlib.PyCdlib()
iso.open(image)
found = {}
for parent, _, names in iso.walk(joliet_path="/"):
    for name in names:
        path = parent.rstrip("/") + "/" + name
        data = io.BytesIO()
        iso.get_file_from_iso_fp(data, joliet_path=path)
        found[path] = data.getvalue()
iso.close()
wanted = {}
for parent, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(parent, name)
        with open(path, "rb") as file:
            wanted["/" + os.path.relpath(path, folder)] = file.read()
if found != wanted:
    print("pycdlib: other files:", sorted(set(found) ^ set(wanted))[:10] or
          [path for path in wanted if found[path] != wanted[path]][:10])
    sys.exit(1)
