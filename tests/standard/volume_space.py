# SPDX-License-Identifier: MIT
"""Which block belongs to what; whether two sessions show the same."""
import functools

from volume_fields import BLOCK, blocks_of

SYSTEM_AREA = 16
ALIGN_FROM, ALIGN_BLOCKS = 1 << 20, 2    # SPEC 1.5: 1 MiB, 4 KiB
CHUNK = 512
AREAS = "continuation areas"


class Space:
    """The blocks of a volume from its start on."""

    def __init__(self, volume):
        self.volume, self.image = volume, volume.image
        self.report, self.own = volume.report, volume.own
        self.start, self.end = volume.start, volume.primary.space_size
        self.metadata = []    # first, end, what
        self.new, self.old = {}, {}    # (first, end) -> a File's place
        self.gather()
        self.check_overlap()
        self.check_gaps()
        if self.own:
            self.check_layout()

    def gather(self):
        self.metadata.append((self.start, self.start + SYSTEM_AREA,
                              "system area"))
        self.metadata.append((self.start + SYSTEM_AREA, self.volume.set_end,
                              "descriptors"))
        for hierarchy in self.volume.hierarchies:
            for table in hierarchy.tables:
                self.metadata.append((
                    table.lba, table.lba + blocks_of(table.size),
                    table.where))
        if self.volume.mark:
            for first, end in self.volume.mark.map_spans():
                self.metadata.append((first, end, "table of directories"))
        for hierarchy in self.volume.hierarchies:
            in_order = hierarchy.by_table()
            if set(in_order) != set(hierarchy.directories):
                in_order = hierarchy.directories
            for directory in in_order:
                first = directory.extent
                self.metadata.append((
                    first, first + directory.record.xar +
                    blocks_of(directory.size),
                    hierarchy.where(directory.path)))
                if self.own:    # SPEC 1.9: behind the directory
                    self.gather_areas(hierarchy, directory)
            if not self.own:
                self.gather_areas(hierarchy)
            for directory, file in hierarchy.files():
                self.gather_file(hierarchy, directory, file)


    def gather_areas(self, hierarchy, directory=None):
        for first, end in hierarchy.system_use.spans(directory):
            self.metadata.append((first, end, AREAS))

    def gather_file(self, hierarchy, directory, file):
        where = hierarchy.where(directory.path, file.id)
        for record in file.records:
            first = record.extent
            end = first + record.xar + blocks_of(record.size)
            if not record.size:
                continue
            if end > self.end:
                self.report("extent", where, "%d to %d of %d" % (
                    first, end, self.end))
            elif first < self.start < end:
                self.report("extent", where, "crosses the session's start")
            else:
                self.check_rest(record, end, where)
            to = self.old if first < self.start else self.new
            to.setdefault((first, end), where)

    def check_rest(self, record, end, where):
        rest = -record.size % BLOCK
        if rest and self.own and any(
                self.image.read(end - 1, BLOCK)[BLOCK - rest:]):
            self.report("own-data", where, "no zeros after its last byte")

    # ---- nothing twice

    def check_overlap(self):
        """Metadata and extents; those of several names of one file are
        equal, and count once."""
        spans = self.metadata + [
            (first, end, where) for (first, end), where in
            list(self.new.items()) + list(self.old.items())]
        reach, holder = 0, ""
        for first, end, where in sorted(spans):
            if first < reach:
                self.report("overlap", where, "block %d, with %s" % (
                    first, holder))
            if end > reach:
                reach, holder = end, where
            if end > self.end:
                self.report("extent", where, "to %d of %d" % (end, self.end))

        self.check_areas()

    def check_areas(self):
        """A reader that goes forward alone has them before it has data."""
        data = min((first for first, _ in self.new), default=self.end)
        for first, end, what in self.metadata:
            if what == AREAS and end > data:
                self.report("susp-late", "block %d" % first,
                            "data begin at %d" % data)

    # ---- nothing else

    def check_gaps(self):
        spans = sorted((first, end) for first, end, _ in self.metadata)
        at = self.start
        for first, end in sorted(spans + list(self.new)):
            if first > at:
                self.check_zeros(at, first)
            at = max(at, end)
        self.check_zeros(at, self.end)
        if self.own:
            self.check_own_gaps(at)

    def check_zeros(self, first, end):
        for lba in range(first, end, CHUNK):
            data = self.image.read(lba, min(CHUNK, end - lba) * BLOCK)
            if any(data):
                self.report("unexplained", "block %d" % (
                    lba + next(i for i, b in enumerate(data) if b) // BLOCK),
                    "holds bytes of nothing")
                return

    def check_own_gaps(self, data_end):
        """Data begins at once; a hole is one block in front of a large
        file. Behind the data: nothing, or one block of padding."""
        at = max(end for _, end, _ in self.metadata)
        sizes = {}
        for hierarchy in self.volume.hierarchies:
            for _, file in hierarchy.files():
                if file.size:
                    sizes[file.records[0].extent] = file.size
        for first, end in sorted(self.new):
            large = sizes.get(first, 0) >= ALIGN_FROM
            if large and (first - self.start) % ALIGN_BLOCKS:
                self.report("own-data", "block %d" % first, "not aligned")
            if first > at and not (large and first - at < ALIGN_BLOCKS):
                self.report("own-data", "block %d" % at, "a hole")
            at = max(at, end)
        if self.end - at > (0 if self.new else 1):
            self.report("own-data", "block %d" % at, "padding")

    # ---- SPEC 1: the order of regions

    def check_layout(self):
        at = self.start
        for first, end, where in self.metadata:
            if first != at:
                self.report("own-layout", where, "at %d, not %d" % (first, at))
                return
            at = end
        if any(self.image.read(self.start, SYSTEM_AREA * BLOCK)):
            self.report("own-system-area", "block %d" % self.start,
                        "not zeros")
        for hierarchy in self.volume.hierarchies:
            for directory, file in hierarchy.files():
                if not file.size:
                    self.check_empty(hierarchy, directory, file, at)

    def check_empty(self, hierarchy, directory, file, at):
        extent = file.records[0].extent
        rock = hierarchy.rock and hierarchy.rock.of[file.records[0].at]
        if not rock or rock.type != "symlink":
            # A link to an empty file, where links are not known.
            link = self.start + 1 if not rock and self.rock else at
            if extent not in (at, link):
                self.report("own-empty",
                            hierarchy.where(directory.path, file.id),
                            "at %d, not %d" % (extent, at))
        elif self.contents and extent not in self.contents | {
                self.start, self.start + 1}:
            self.report("own-link", hierarchy.where(directory.path, file.id),
                        "at %d, where no file begins" % extent)

    @functools.cached_property
    def rock(self):
        return any(hierarchy.rock for hierarchy in self.volume.hierarchies)

    @functools.cached_property
    def contents(self):
        """Where files begin in hierarchies without Rock Ridge, which show
        the content of links."""
        return {file.records[0].extent + file.records[0].xar
                for hierarchy in self.volume.hierarchies if not hierarchy.rock
                for _, file in hierarchy.files() if file.size}


# ---- two sessions -----------------------------------------------------------

def old_files(volume):
    for hierarchy in volume.hierarchies:
        for directory, file in hierarchy.files():
            if file.size and min(r.extent for r in file.records) < \
                    volume.start:
                yield hierarchy, directory, file


def check_old_extents(volume, earlier, report):
    """'earlier': start and end of the sessions before this one. Between
    them lie lead-outs and lead-ins, which hold nothing."""
    for hierarchy, directory, file in old_files(volume):
        for record in file.records:
            end = record.extent + record.xar + blocks_of(record.size)
            if not any(first <= record.extent and end <= last
                       for first, last in earlier):
                report("session-extent",
                       hierarchy.where(directory.path, file.id),
                       "%d to %d" % (record.extent, end))


def check_sessions(before, now, report):
    """'now' follows 'before': what it shows of earlier sessions is there,
    under the same identifiers, in each hierarchy."""
    known = {old.names.name: old.by_path() for old in before.hierarchies}
    for hierarchy, directory, file in old_files(now):
        same = known.get(hierarchy.names.name, {}).get(
            directory.path + (file.id,))
        if same is None or (same.sections(), same.attributes()) != (
                file.sections(), file.attributes()):
            report("session-file", hierarchy.where(directory.path, file.id),
                   "is not what it was")
