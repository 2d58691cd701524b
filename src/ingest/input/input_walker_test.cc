#include "ingest/input/input_walker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "base/temp_folder.h"
#include "ingest/input/test_archives.h"

namespace spoor::ingest {
namespace {

using ::testing::ElementsAre;
using testing::Entry;
using testing::Format;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::pack;
using ::testing::SizeIs;

/// For messages of failed tests.
std::vector<std::string> texts(const std::vector<Error>& errors) {
  std::vector<std::string> texts;
  for (const Error& error : errors) {
    texts.push_back(error.to_string());
  }
  return texts;
}

struct Walked {
  std::vector<std::string> order;              ///< display paths
  std::map<std::string, std::string> content;  ///< by display path
  std::vector<std::string> partial;
  std::vector<Error> errors;
  std::uint64_t largest_memory = 0;
};

struct InputWalkerTest : ::testing::Test {
  void write(const std::string& name, std::string_view bytes) {
    ASSERT_TRUE(make_folders(std::filesystem::path(in / name).parent_path().string()));
    ASSERT_TRUE(write_file_atomically(in / name, bytes));
  }
  /// Walks the paths; display paths are told from the folder on.
  Walked walk(std::vector<std::string> paths, Limits limits = {}) {
    Walked walked;
    limits.spool_folder = spool.path();
    InputWalker walker(std::move(paths), limits);
    const auto on_file = [&](InputFile& file) {
      const std::string name = shorten(file.display_path);
      walked.order.push_back(name);
      walked.content[name] = std::string(file.bytes().value());
      EXPECT_EQ(walked.content[name].size(), file.size);
      EXPECT_TRUE(std::filesystem::is_empty(spool.path())) << "a spooled member has a name";
      if (file.is_partial) {
        walked.partial.push_back(name);
      }
      walked.largest_memory = std::max(walked.largest_memory, file.memory_in_use());
    };
    const auto on_error = [&](Error error) {
      error.where = shorten(error.where);
      walked.errors.push_back(std::move(error));
    };
    EXPECT_TRUE(walker.for_each(on_file, on_error));
    return walked;
  }
  Walked walk_all(Limits limits = {}) { return walk({in.path()}, std::move(limits)); }
  std::string shorten(const std::string& path) const {
    const std::string prefix = in.path() + "/";
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
  }

  TempFolder in;
  TempFolder spool;
};

TEST_F(InputWalkerTest, FoldersAreWalkedByName) {
  write("b/2", "two");
  write("b/10", "ten");
  write("a.evtx", "a");
  write("c", "");
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("a.evtx", "b/10", "b/2", "c"));
  EXPECT_EQ(walked.content.at("b/10"), "ten");
  EXPECT_EQ(walked.content.at("c"), "");
  EXPECT_THAT(texts(walked.errors), IsEmpty());
}

TEST_F(InputWalkerTest, APathGivenTwiceIsReadOnce) {
  write("a/x", "x");
  EXPECT_THAT(walk({in / "a/x", in.path(), in / "a/../a/x"}).order, SizeIs(1));
}

TEST_F(InputWalkerTest, LinksInsideFoldersAreToldAndNotFollowed) {
  write("real/x", "x");
  ASSERT_EQ(symlink("..", (in / "real/up").c_str()), 0);
  ASSERT_EQ(symlink("x", (in / "real/also").c_str()), 0);
  ASSERT_EQ(symlink("real", (in / "named").c_str()), 0);
  ASSERT_EQ(mkfifo((in / "pipe").c_str(), 0600), 0);
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("real/x"));
  ASSERT_THAT(walked.errors, SizeIs(4));
  for (const Error& error : walked.errors) {
    EXPECT_EQ(error.code, ErrorCode::kUnsupported) << error.to_string();
  }
  EXPECT_THAT(walk({in / "named"}).order, ElementsAre("named/x"))
      << "a link given by name is meant";
  EXPECT_THAT(walk({in / "real/also"}).order, ElementsAre("real/also"));
}

TEST_F(InputWalkerTest, WhatIsMissingIsToldAndTheRestIsRead) {
  write("x", "x");
  const Walked walked = walk({in / "absent", in / "x"});
  EXPECT_THAT(walked.order, ElementsAre("x"));
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].code, ErrorCode::kNotFound);
  EXPECT_EQ(walked.errors[0].where, "absent");
  InputWalker nothing({});
  EXPECT_EQ(nothing.for_each([](InputFile&) {}, [](const Error&) {}).error().code,
            ErrorCode::kInvalidInput);
}

TEST_F(InputWalkerTest, EveryKindOfArchiveIsTakenApartWhateverItsName) {
  const std::vector<Entry> entries = {{"dir/", {}, {}, {}, true}, {"dir/a", "alpha"}, {"b", ""}};
  const std::string large(3'000'000, 'x');
  write("1.zip", pack(Format::kZip, entries));
  write("2.dat", pack(Format::kTar, entries));
  write("3.tgz", pack(Format::kTarGzip, entries));
  write("4.tar.zst", pack(Format::kTarZstd, entries));
  write("5.evtx.gz", pack(Format::kGzip, {{"", large}}));
  write("6.ZST", pack(Format::kZstd, {{"", "zeta"}}));
  write("7.zip", "not an archive");
  write("8.gz", pack(Format::kGzip, {{"", ""}}));
  write("9.zip", pack(Format::kZip, {}));
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("1.zip!dir/a", "1.zip!b", "2.dat!dir/a", "2.dat!b",
                                        "3.tgz!dir/a", "3.tgz!b", "4.tar.zst!dir/a", "4.tar.zst!b",
                                        "5.evtx.gz!5.evtx", "6.ZST!6", "7.zip", "8.gz!8"));
  EXPECT_EQ(walked.content.at("3.tgz!dir/a"), "alpha");
  EXPECT_EQ(walked.content.at("5.evtx.gz!5.evtx"), large);
  EXPECT_THAT(texts(walked.errors), IsEmpty());
}

TEST_F(InputWalkerTest, ArchivesInsideArchives) {
  const auto wrap = [](const std::string& name, std::string bytes) {
    return pack(Format::kZip, {{name, std::move(bytes)}});
  };
  std::string three = wrap("c.tgz", wrap("b.zip", pack(Format::kTarGzip, {{"a", "deep"}})));
  write("3", three);
  write("4", wrap("d.zip", three));
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("3!c.tgz!b.zip!a"));
  EXPECT_EQ(walked.content.at("3!c.tgz!b.zip!a"), "deep");
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].code, ErrorCode::kLimit);
  EXPECT_EQ(walked.errors[0].where, "4!d.zip!c.tgz!b.zip");
}

TEST_F(InputWalkerTest, NamesFromArchivesAreOnlyShown) {
  const std::vector<Entry> entries = {
      {"../../escape", "1"}, {"/absolute", "2"}, {"line\nbreak\x1b[31m", "3"}};
  write("t/a.tar", pack(Format::kTar, entries));
  write("t/b.zip", pack(Format::kZip, entries));
  const Walked walked = walk_all();
  EXPECT_EQ(walked.content.at("t/a.tar!../../escape"), "1");
  EXPECT_EQ(walked.content.at("t/b.zip!/absolute"), "2");
  EXPECT_EQ(walked.content.at("t/a.tar!line\ufffdbreak\ufffd[31m"), "3");
  for (const std::string& name : walked.order) {
    EXPECT_EQ(name.find_first_of("\n\x1b"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(in / "escape"));
  EXPECT_FALSE(std::filesystem::exists("/absolute"));
  EXPECT_TRUE(std::filesystem::is_empty(spool.path()));
}

TEST_F(InputWalkerTest, LinksInArchivesAreNotFollowed) {
  write("a.tar",
        pack(Format::kTar,
             {{"x", "x"}, {"soft", "", "/etc/passwd"}, {"hard", "", "", "x"}, {"y", "y"}}));
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("a.tar!x", "a.tar!y"));
  ASSERT_THAT(walked.errors, SizeIs(2));
  EXPECT_EQ(walked.errors[0].where, "a.tar!soft");
  EXPECT_EQ(walked.errors[1].code, ErrorCode::kUnsupported);
}

TEST_F(InputWalkerTest, ACutGzipGivesWhatIsThereAndSaysSo) {
  std::string content;
  for (int line = 0; line < 200'000; ++line) {
    content += std::to_string(line * 7919) + "\n";
  }
  const std::string whole = pack(Format::kGzip, {{"", content}});
  write("a.gz", whole.substr(0, whole.size() / 2));
  write("b", "good");
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, ElementsAre("a.gz!a", "b"));
  EXPECT_THAT(walked.partial, ElementsAre("a.gz!a"));
  EXPECT_TRUE(content.starts_with(walked.content.at("a.gz!a")));
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].code, ErrorCode::kTruncated) << walked.errors[0].to_string();
  EXPECT_EQ(walked.errors[0].where, "a.gz!a");
}

TEST_F(InputWalkerTest, DamagedArchivesAreToldAndNeverFatal) {
  const std::vector<Entry> entries = {{"a", std::string(50'000, 'a')}, {"b", "second"}};
  for (const Format format : {Format::kZip, Format::kTar, Format::kTarGzip, Format::kTarZstd}) {
    const std::string whole = pack(format, entries);
    for (const std::size_t cut :
         {std::size_t{1}, whole.size() / 3, whole.size() / 2, whole.size() - 1}) {
      write("damaged", whole.substr(0, cut));
      static_cast<void>(walk_all());
    }
    for (std::size_t at = 4; at < whole.size(); at += 1 + whole.size() / 60) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(~damaged[at]);
      write("damaged", damaged);
      static_cast<void>(walk_all());
    }
  }
  write("damaged", "\x1f\x8b\x08 and nothing that follows");
  EXPECT_THAT(walk_all().errors, SizeIs(1));
}

TEST_F(InputWalkerTest, AZipBombIsStopped) {
  const std::string zeros(8 << 20, '\0');
  write("a.zip", pack(Format::kZip, {{"1", zeros}, {"2", zeros}, {"3", zeros}, {"4", zeros}}));
  write("b.gz", pack(Format::kGzip, {{"", pack(Format::kGzip, {{"", zeros}})}}));
  write("c", "good");
  Limits limits;
  limits.ratio_floor = 12 << 20;
  const Walked walked = walk_all(limits);
  EXPECT_EQ(walked.content.count("a.zip!1"), 1U);
  EXPECT_EQ(walked.content.count("a.zip!3"), 0U);
  EXPECT_EQ(walked.content.count("c"), 1U);
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].code, ErrorCode::kLimit);
  EXPECT_EQ(walked.errors[0].where, "a.zip!2");
  EXPECT_THAT(walked.errors[0].message, HasSubstr("200 times"));
}

TEST_F(InputWalkerTest, NestingDoesNotMultiplyTheLimits) {
  const std::string inner = pack(Format::kZip, {{"0", std::string(4 << 20, '\0')}});
  write("a.zip", pack(Format::kZip, {{"1.zip", inner}, {"2.zip", inner}, {"3.zip", inner}}));
  Limits limits;
  limits.archive_bytes = 10 << 20;
  const Walked walked = walk_all(limits);
  EXPECT_THAT(walked.order, SizeIs(2));
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].where, "a.zip!3.zip!0");
}

TEST_F(InputWalkerTest, LargeMembersAndTooManyMembers) {
  std::vector<Entry> entries;
  for (int number = 0; number < 20; ++number) {
    entries.push_back({std::to_string(number), "x"});
  }
  entries.insert(entries.begin() + 1, {"large", std::string(5000, 'x')});
  write("a.zip", pack(Format::kZip, entries));
  Limits limits;
  limits.member_bytes = 4999;
  limits.members = 10;
  const Walked walked = walk_all(limits);
  EXPECT_THAT(walked.order, SizeIs(9));
  ASSERT_THAT(walked.errors, SizeIs(2));
  EXPECT_EQ(walked.errors[0].where, "a.zip!large");
  EXPECT_EQ(walked.errors[1].where, "a.zip");
  EXPECT_EQ(walked.errors[1].code, ErrorCode::kLimit);
}

TEST_F(InputWalkerTest, LargeMembersLeaveMemory) {
  std::string content;
  for (int line = 0; content.size() < (3U << 20); ++line) {
    content += std::to_string(line) + "\n";
  }
  write("a.tgz", pack(Format::kTarGzip, {{"small", "s"},
                                         {"big", content},
                                         {"in.zip", pack(Format::kZip, {{"big", content}})}}));
  Limits limits;
  limits.memory_bytes = 1 << 20;
  const Walked walked = walk_all(limits);
  EXPECT_THAT(walked.order, ElementsAre("a.tgz!small", "a.tgz!big", "a.tgz!in.zip!big"));
  EXPECT_EQ(walked.content.at("a.tgz!big"), content);
  EXPECT_EQ(walked.content.at("a.tgz!in.zip!big"), content);
  EXPECT_LE(walked.largest_memory, limits.memory_bytes);
}

TEST_F(InputWalkerTest, EncryptedMembersAreTold) {
  write("a.zip", pack(Format::kZip, {{"secret", "text"}}, "password"));
  const Walked walked = walk_all();
  EXPECT_THAT(walked.order, IsEmpty());
  ASSERT_THAT(walked.errors, SizeIs(1));
  EXPECT_EQ(walked.errors[0].code, ErrorCode::kUnsupported);
}

TEST_F(InputWalkerTest, ProgressRisesToTheTotalKnownBefore) {
  write("a", std::string(1000, 'a'));
  write("b.zip", pack(Format::kZip, {{"x", std::string(2'000'000, 'x')}, {"y", "y"}}));
  InputWalker walker({in.path()});
  const std::uint64_t total = walker.total_bytes();
  EXPECT_EQ(total, 1000 + file_size(in / "b.zip").value());
  EXPECT_EQ(walker.total_files(), 2U);
  std::uint64_t last = 0;
  int calls = 0;
  walker.set_progress([&](std::uint64_t done, std::uint64_t all) {
    EXPECT_GE(done, last);
    EXPECT_LE(done, all);
    EXPECT_EQ(all, total);
    last = done;
    ++calls;
  });
  ASSERT_TRUE(walker.for_each([](InputFile&) {}, [](const Error&) { ADD_FAILURE(); }));
  EXPECT_EQ(last, total);
  EXPECT_GT(calls, 3);
}

TEST_F(InputWalkerTest, StopsWhenAsked) {
  write("a.zip", pack(Format::kZip, {{"1", "1"}, {"2", "2"}}));
  write("b", "b");
  std::stop_source stop;
  int files = 0;
  InputWalker walker({in.path()});
  const Result<void> done = walker.for_each(
      [&](InputFile&) {
        ++files;
        stop.request_stop();
      },
      [](const Error&) {}, stop.get_token());
  EXPECT_EQ(done.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(files, 1);
}

TEST_F(InputWalkerTest, ReadsAtAnOffset) {
  write("a", "0123456789");
  write("b.zip", pack(Format::kZip, {{"x", "0123456789"}}));
  InputWalker walker({in.path()});
  ASSERT_TRUE(walker.for_each(
      [](InputFile& file) {
        std::string part(4, '\0');
        EXPECT_EQ(file.read_at(3, part).value(), 4U);
        EXPECT_EQ(part, "3456");
        EXPECT_EQ(file.read_at(8, part).value(), 2U);
        EXPECT_EQ(file.read_at(10, part).value(), 0U);
      },
      [](const Error& error) { ADD_FAILURE() << error.to_string(); }));
}

}  // namespace
}  // namespace spoor::ingest
