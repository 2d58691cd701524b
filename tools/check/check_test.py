#!/usr/bin/env python3
"""Tests of check.py: a small project with one fault at a time."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).with_name("check.py")
GOOD = {
    "CMakeLists.txt": "spoor_module(base USES LIBS x)\nspoor_module(state USES base LIBS y)\n"
                      "spoor_module(api USES state)\nspoor_module(cli USES base)\n"
                      "spoor_program(spoor MAIN cli/main.cc LIBS spoor_cli spoor_api)\n",
    "src/base/a.h": "#pragma once\n",
    "src/state/s.h": "#pragma once\n#include <sqlite3.h>\n#include \"base/a.h\"\n",
    "src/state/inner.h": "#pragma once\n// For us. Internal to\n// the module.\n",
    "src/api/x.cc": "#include \"state/s.h\"\n#include \"base/a.h\"\n",
    "src/cli/main.cc": "#include \"api/x.h\"\n",
    "src/api/x.h": "#pragma once\n",
}


class CheckTest(unittest.TestCase):
    def check(self, *arguments, **changes):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in (GOOD | {name.replace("__", "/").replace("_DOT_", "."): text
                                       for name, text in changes.items()}).items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text.replace("ROOT", str(root.resolve())), encoding="utf-8")
            subprocess.run(["git", "init", "-q"], cwd=root, check=True)
            done = subprocess.run([sys.executable, CHECK, "--root", root, *arguments], capture_output=True, text=True,
                                  check=False)
            return done.returncode, done.stdout

    def assert_found(self, text, *arguments, **changes):
        code, output = self.check(*arguments, **changes)
        self.assertNotEqual(code, 0)
        self.assertIn(text, output)
        self.assertEqual(len(output.strip().splitlines()), 1, output)

    def test_a_good_project_is_good(self):
        self.assertEqual(self.check(), (0, ""))

    def test_a_room_above_is_refused(self):
        self.assert_found("src/base/a.h:1: base does not use the module state",
                          src__base__a_DOT_h='#include "state/s.h"\n')

    def test_a_room_that_is_not_named_is_refused(self):
        self.assert_found("cli does not use the module api", src__cli__y_DOT_cc='#include "api/x.h"\n')

    def test_an_internal_header_is_refused(self):
        self.assert_found("internal to the module state", src__api__x_DOT_cc='#include "state/inner.h"\n')

    def test_a_missing_header_is_refused(self):
        self.assert_found("is not a file below src/", src__api__x_DOT_cc='#include "a.h"\n')

    def test_a_library_of_another_is_refused(self):
        self.assert_found("<sqlite3.h> is for state alone", src__api__x_DOT_cc="#include <sqlite3.h>\n")
        self.assert_found("for no module alone", src__api__x_DOT_cc="#include <yaml-cpp/yaml.h>\n")

    def test_a_module_used_before_it_is_named_is_refused(self):
        text = GOOD["CMakeLists.txt"].replace("base USES LIBS", "base USES api LIBS")
        self.assert_found("base uses api", CMakeLists_DOT_txt=text)

    def test_a_module_named_twice_is_refused(self):
        text = GOOD["CMakeLists.txt"] + "spoor_module(base USES)\n"
        self.assert_found("base stands there twice", CMakeLists_DOT_txt=text)

    def test_a_file_without_a_module_is_refused(self):
        self.assert_found("belongs to no spoor_module", src__other__x_DOT_cc="")

    def test_long_files_are_refused_unless_generated(self):
        self.assert_found("has 601 lines", src__api__y_DOT_cc="\n" * 601)
        self.assertEqual(self.check(src__api__gen__y_DOT_cc="\n" * 601)[0], 0)

    def test_paths_of_the_machine_are_refused(self):
        self.assert_found("README.md:2: names a path of this machine", README_DOT_md="a\nsee ROOT/x\n")
        self.assertEqual(self.check(README_DOT_md="/home/alice/x C:\\Users\\bob /tmp/x\n")[0], 0)

    def test_headers_compile_alone(self):
        self.assert_found_first("src/api/x.h: does not compile alone", src__api__x_DOT_h="#pragma once\nunknown_type x;\n")

    def assert_found_first(self, text, **changes):
        broken = {"src__state__s_DOT_h": "#pragma once\n"} | changes
        code, output = self.check("--headers", **broken)
        self.assertNotEqual(code, 0)
        self.assertTrue(output.startswith(text), output)


if __name__ == "__main__":
    unittest.main()
