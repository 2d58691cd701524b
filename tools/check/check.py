#!/usr/bin/env python3
"""Checks what a compiler does not: rooms, owners of libraries, lengths, paths of machines, generated files.

    tools/check/check.py              the checks that need no compiler
    tools/check/check.py --headers    also: each header of src/ compiles alone

The rooms are the spoor_module lines of CMakeLists.txt: a module may include itself and what it USES, directly or through
others. A header whose opening comment says "Internal to the module" is for its own module alone.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

# Which modules may include a library's headers; a library that is not named may be included by none of those below.
# An owner covers the modules below its path.
OWNERS = {
    "boost/": {"http", "storeworker"},
    "simdjson": {"json"},
    "curl/": {"store", "http"},
    "sqlite3.h": {"state"},
    "sodium.h": {"auth"},
    "archive.h": {"ingest/input", "server"},
    "archive_entry.h": {"ingest/input", "server"},
    "chdb": {"storeworker"},
    "yaml-cpp/": set(),
    "re2/": {"match", "kql", "api"},
    "CLI/": {"cli"},
    "toml++/": {"server"},
    "seccomp.h": {"cage"},
    "linux/seccomp.h": {"cage"},
    "pugixml.hpp": {"ingest/winlog"},
    "xxhash.h": {"base"},
    "openssl/": {"base", "http"},
    "zstd": {"base", "http", "ingest/input"},
    "zlib.h": {"base", "http", "ingest/input", "ingest/evtx"},
}
MAX_LINES = 600
CODE = {".h", ".cc", ".c", ".py", ".sh", ".ts", ".tsx", ".css", ".cmake"}
# First folders that evidence and system paths share with machines; a path below them says nothing about ours.
SHARED_FOLDERS = {"home", "root", "usr", "tmp", "var", "opt", "srv", "mnt", "media", "run", "etc", "private", "Users"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def read_calls(text, name):
    """The arguments of each call of `name` in a CMake file, without comments."""
    text = re.sub(r"#.*", "", text)
    return [match.group(1).split() for match in re.finditer(rf"^\s*{name}\(([^)]*)\)", text, re.MULTILINE)]


def section(words, start, ends):
    """The words between the keyword `start` and the next of `ends`."""
    if start not in words:
        return []
    rest = words[words.index(start) + 1:]
    stop = next((at for at, word in enumerate(rest) if word in ends), len(rest))
    return rest[:stop]


class Rooms:
    """The modules, and what each may include."""

    def __init__(self, cmake_text, report):
        self.uses = {}
        for words in read_calls(cmake_text, "spoor_module"):
            name, uses = words[0], section(words, "USES", {"LIBS"})
            if name in self.uses:
                report(f"CMakeLists.txt: the module {name} stands there twice")
            for used in uses:
                if used not in self.uses:
                    report(f"CMakeLists.txt: {name} uses {used}, which is not a module above it")
            self.uses[name] = [used for used in uses if used in self.uses]
        targets = {"spoor_" + name.replace("/", "_"): name for name in self.uses}
        self.programs = {}
        for words in read_calls(cmake_text, "spoor_program"):
            libraries = section(words, "LIBS", {"MAIN"})
            for main in section(words, "MAIN", {"LIBS"}):
                self.programs[main] = {targets[library] for library in libraries if library in targets}

    def closure(self, names):
        seen, left = set(), list(names)
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += self.uses.get(name, [])
        return seen

    def module_of(self, path):
        """The module that owns a path below src: the longest name that it starts with."""
        owners = [name for name in self.uses if path.startswith(name + "/")]
        return max(owners, key=len, default=None)


def is_internal(header):
    with open(header, encoding="utf-8") as file:
        opening = "".join(line for _, line in zip(range(12), file))
    return "Internal to the module" in " ".join(opening.replace("//", " ").split())


def check_project_include(root, rooms, path, module, allowed, included):
    """Why the include is not allowed; None where it is."""
    if not (root / "src" / included).is_file():
        return f'"{included}" is not a file below src/'
    target = rooms.module_of(included)
    if target is None:
        return f'"{included}" belongs to no module'
    if target not in allowed:
        return f"{module or path} does not use the module {target} (\"{included}\")"
    if target != module and is_internal(root / "src" / included):
        return f'"{included}" is internal to the module {target}'
    return None


def check_library_include(module, included):
    for prefix, owners in OWNERS.items():
        if included.startswith(prefix):
            owned = any(module == owner or str(module).startswith(owner + "/") for owner in owners)
            return None if owned else f"<{included}> is for {', '.join(sorted(owners)) or 'no module'} alone"
    return None


def check_includes(root, rooms, files, report):
    for name in files:
        if not name.startswith("src/") or not name.endswith((".h", ".cc")):
            continue
        path = name.removeprefix("src/")
        module = rooms.module_of(path)
        if module is None and path not in rooms.programs:
            report(f"{name}: belongs to no spoor_module of CMakeLists.txt")
            continue
        allowed = rooms.closure(({module} if module else set()) | rooms.programs.get(path, set()))
        for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            problem = (check_project_include(root, rooms, path, module, allowed, match.group(1)) if match.group(1)
                       else check_library_include(module, match.group(2)))
            if problem:
                report(f"{name}:{number}: {problem}")


def is_generated(name):
    return "/gen/" in name


def check_lengths(root, files, report):
    for name in files:
        if pathlib.PurePath(name).suffix in CODE and not is_generated(name):
            lines = len((root / name).read_bytes().splitlines())
            if lines > MAX_LINES:
                report(f"{name}: has {lines} lines, more than {MAX_LINES}")


def machine_paths(root):
    """Folders that exist because of where this checkout stands, and so have no place in a file of the project."""
    top = root.parts[1] if len(root.parts) > 1 else ""
    folders = {str(root)}
    if top and top not in SHARED_FOLDERS:
        folders.add("/" + top)
    home = os.environ.get("HOME", "")
    if home.count("/") > 1:
        folders.add(home)
    return folders


def check_machine_paths(root, files, report):
    folders = "|".join(re.escape(folder) for folder in sorted(machine_paths(root)))
    pattern = re.compile(rf"(?<![\w.\-/:}}]){'(?:' + folders + ')'}/".encode())
    for name in files:
        content = (root / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            match = pattern.search(line)
            if match:
                report(f"{name}:{number}: names a path of this machine ({match.group().decode()})")


def check_generated(root, report):
    generator = root / "tools/gen/gen.py"
    if generator.is_file():
        done = subprocess.run([sys.executable, generator, "--check"], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            report(f"generated files are not up to date:\n{done.stdout}{done.stderr}".rstrip())


def check_headers(root, files, report):
    headers = [name for name in files if name.startswith("src/") and name.endswith(".h")]

    def compile_alone(name):
        command = [os.environ.get("CXX", "g++"), "-fsyntax-only", "-std=gnu++23", "-Wall", "-Wextra", "-Isrc",
                   "-x", "c++", "-include", name, "/dev/null"]
        return name, subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, done in pool.map(compile_alone, headers):
            if done.returncode != 0:
                report(f"{name}: does not compile alone\n{done.stderr}".rstrip())


def tracked_files(root):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True,
                            check=True)
    names = {name.decode() for name in listed.stdout.split(b"\0") if name}
    return sorted(name for name in names if (root / name).is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--headers", action="store_true", help="also compile each header alone")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).parents[2])
    options = parser.parse_args()
    root = options.root.resolve()
    problems = []
    files = tracked_files(root)
    rooms = Rooms((root / "CMakeLists.txt").read_text(encoding="utf-8"), problems.append)
    check_includes(root, rooms, files, problems.append)
    check_lengths(root, files, problems.append)
    check_machine_paths(root, files, problems.append)
    check_generated(root, problems.append)
    if options.headers:
        check_headers(root, files, problems.append)
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(f"{len(problems)} problem(s)")


if __name__ == "__main__":
    main()
