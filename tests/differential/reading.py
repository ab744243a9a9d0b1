# SPDX-License-Identifier: MIT
"""What a volume holds, as tests/standard reads it, in the shape that what
other programs read is compared in: path -> Item, for each view of it.
"""
import calendar
import dataclasses
import hashlib
import os
import struct

from volume_agreement import paths_of

ISO, JOLIET, ROCK = "ISO 9660", "Joliet", "Rock Ridge"


@dataclasses.dataclass(frozen=True)
class Item:
    """A name's. None: the view, or the program, says nothing of it."""
    kind: str    # file, directory, symlink, character, block, fifo, socket
    size: int = None
    digest: str = None
    mode: int = None    # permissions
    mtime: int = None    # seconds from 1970, UTC
    target: str = None
    device: tuple = None
    links: int = None
    owner: tuple = None
    extents: tuple = None    # (LBA, bytes)
    recorded: int = None    # the record's own date, whatever TF says

    def with_all(self, **changes):
        return dataclasses.replace(self, **changes)


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def seconds_of(date):
    """9.1.5: local time, and its distance from UTC in quarters of an hour.
    None: not given."""
    year, month, day, hour, minute, second, zone = struct.unpack("6Bb", date)
    if not month:
        return None
    return calendar.timegm((1900 + year, month, day, hour, minute, second)) \
        - zone * 900


def device_of(halves):
    """Major and minor out of PN: Linux has them there, or the number as it
    was in 16 bits."""
    if halves is None or halves[0]:
        return halves
    return os.major(halves[1]), os.minor(halves[1])


def item_of(hierarchy, node):
    mtime = seconds_of(node.record.date)
    if node.file is None:
        item = Item("directory", mtime=mtime)
    else:
        data = hierarchy.content(node.file)
        item = Item(node.type, len(data), digest(data), mtime=mtime,
                    extents=node.file.sections())
    rock = node.rock
    if rock is None:
        return item
    modified = rock.stamps.get("modified")
    item = item.with_all(
        recorded=mtime, mode=rock.mode & 0o7777, links=rock.links,
        device=device_of(rock.device),
        owner=(rock.uid, rock.gid),
        mtime=seconds_of(modified) if modified and len(modified) == 7
        else mtime)
    if rock.target is not None:
        item = item.with_all(target=rock.target.decode(
            "utf-8", "surrogateescape"))
    if item.kind != "file" and item.kind != "directory":
        item = item.with_all(size=None, digest=None, extents=None)
    return item


def readings(volume):
    """View -> (path -> Item)."""
    views = {}
    for hierarchy in volume.hierarchies:
        name = hierarchy.names.name
        views[name] = {path: item_of(hierarchy, node) for path, node in
                       paths_of(hierarchy, False).items()}
        if hierarchy.rock:
            views[ROCK] = {path: item_of(hierarchy, node) for path, node in
                           paths_of(hierarchy).items()}
    return views
