#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "base/file.h"
#include "base/sanitized.h"
#include "base/temp_folder.h"
#include "event/event_id.h"
#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/reader.h"
#include "ingest/sandbox/parent.h"

namespace spoor::ingest::sandbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A tar of our own, so that names and kinds can be what no tool would write.
class Tar {
 public:
  Tar& add(const std::string& name, const std::string& content, char kind = '0',
           const std::string& target = {}) {
    std::string head(512, '\0');
    name.copy(head.data(), 100);
    std::snprintf(&head[100], 8, "%07o", 0644);
    std::snprintf(&head[108], 8, "%07o", 0);
    std::snprintf(&head[116], 8, "%07o", 0);
    std::snprintf(&head[124], 12, "%011zo", content.size());
    std::snprintf(&head[136], 12, "%011o", 0);
    std::memset(&head[148], ' ', 8);
    head[156] = kind;
    target.copy(&head[157], 100);
    std::memcpy(&head[257], "ustar\00000", 8);
    unsigned sum = 0;
    for (const char byte : head) {
      sum += static_cast<unsigned char>(byte);
    }
    std::snprintf(&head[148], 8, "%06o", sum);
    bytes_ += head + content + std::string((512 - content.size() % 512) % 512, '\0');
    return *this;
  }
  [[nodiscard]] std::string finish() const { return bytes_ + std::string(1024, '\0'); }

 private:
  std::string bytes_;
};

struct Outcome {
  std::vector<std::string> records, problems, unread, files;
  Result<ParseTotals> totals = ParseTotals{};
};

class Sandbox : public testing::Test {
 protected:
  Outcome run(const std::string& bytes, Mode mode = Mode::kParse, std::stop_token stop = {}) {
    const std::string path = folder_ / "input";
    std::ofstream(path, std::ios::binary) << bytes;
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    Outcome outcome;
    const ParseEvents events{
        .on_record =
            [&](const event::Record& record) {
              event::append_record_json(outcome.records.emplace_back(), record);
            },
        .on_problem = [&](const Error& error) { outcome.problems.push_back(error.to_string()); },
        .on_unread = [&](std::string_view path) { outcome.unread.emplace_back(path); },
        .on_file = [&](std::string_view path, std::uint64_t) { outcome.files.emplace_back(path); },
        .on_progress = {}};
    outcome.totals = run_child(file.get(), "case.bin", limits_, events, std::move(stop), mode);
    return outcome;
  }
  /// What a shell command makes of the bytes.
  std::string through(const std::string& command, const std::string& bytes) {
    const std::string in = folder_ / "in";
    std::ofstream(in, std::ios::binary) << bytes;
    const std::string out = folder_ / "out";
    EXPECT_EQ(std::system((command + " < " + in + " > " + out).c_str()), 0) << command;
    return read_file(out, 1u << 30).value_or("");
  }
  /// The error of a child that should not come to its end.
  std::string error_of(const Outcome& outcome, ErrorCode code) {
    EXPECT_FALSE(outcome.totals);
    if (outcome.totals) {
      return {};
    }
    EXPECT_EQ(outcome.totals.error().code, code) << outcome.totals.error().to_string();
    EXPECT_EQ(outcome.totals.error().where, "case.bin");
    return outcome.totals.error().message;
  }
  static std::vector<std::string> in_process(const std::string& log, const std::string& name) {
    std::vector<std::string> records;
    evtx::read(
        evtx::Source::from_bytes(name, log),
        [&](const event::Record& record) {
          event::append_record_json(records.emplace_back(), record);
        },
        [](const evtx::Problem&) {});
    return records;
  }

  TempFolder folder_;
  ParseLimits limits_;
};

TEST_F(Sandbox, ALogGivesTheRecordsOfReadingItHere) {
  const std::string log = evtx::fixtures::dense_log(3'000'000);
  const Outcome outcome = run(log);
  ASSERT_TRUE(outcome.totals) << outcome.totals.error().to_string();
  const std::vector<std::string> expected = in_process(log, "case.bin");
  EXPECT_GT(expected.size(), 1000u);
  EXPECT_EQ(outcome.records, expected);
  EXPECT_EQ(outcome.totals->records, expected.size());
  EXPECT_EQ(outcome.totals->bytes, log.size());
  EXPECT_THAT(outcome.files, ElementsAre("case.bin"));
  EXPECT_THAT(outcome.problems, IsEmpty());
}

TEST_F(Sandbox, ArchivesAreTakenApartAndNamesAreOnlyLabels) {
  const std::string log = evtx::fixtures::dense_log(100'000);
  const std::string inner = Tar().add("deep.evtx", log).finish();
  const std::string tar = Tar()
                              .add("../../etc/cron.d/x", log)
                              .add("/absolute.evtx", log)
                              .add("line\nbreak", "nothing known")
                              .add("inner.tar", inner)
                              .add("link", "", '2', "/etc/passwd")
                              .add("hard", "", '1', "/etc/shadow")
                              .add("device", "", '3')
                              .finish();
  const Outcome outcome = run(through("gzip -c", tar));
  ASSERT_TRUE(outcome.totals) << outcome.totals.error().to_string();
  EXPECT_THAT(outcome.files, ElementsAre("case.bin!../../etc/cron.d/x", "case.bin!/absolute.evtx",
                                         "case.bin!inner.tar!deep.evtx"));
  EXPECT_THAT(outcome.unread, ElementsAre("case.bin!line\xEF\xBF\xBD"
                                          "break"));
  EXPECT_THAT(outcome.problems, ElementsAre("case.bin!link: is a link and is not followed",
                                            "case.bin!hard: is a link and is not followed",
                                            "case.bin!device: is not a regular file"));
  EXPECT_EQ(outcome.records.size(), 3 * in_process(log, "x").size());
}

TEST_F(Sandbox, LargeMembersGoToTheFilesThatItWasGiven) {
  limits_.archive.memory_bytes = 1000;
  const std::string log = evtx::fixtures::dense_log(300'000);
  const std::string inner = Tar().add("a.evtx", log).add("b.evtx", log).finish();
  const Outcome outcome = run(Tar().add("inner.tar", inner).add("c.evtx", log).finish());
  ASSERT_TRUE(outcome.totals) << outcome.totals.error().to_string();
  EXPECT_THAT(outcome.problems, IsEmpty());
  EXPECT_EQ(outcome.records.size(), 3 * in_process(log, "x").size());
}

TEST_F(Sandbox, BombsAndNestingEndAtTheirLimits) {
  limits_.archive.ratio = 20;
  limits_.archive.ratio_floor = 1 << 20;
  const std::string zeros(30 << 20, '\0');
  EXPECT_THAT(run(through("gzip -c", zeros)).problems,
              ElementsAre(HasSubstr("the archive unpacks to more than 20 times its size")));
  const std::string twice = through("gzip -c", through("gzip -c", zeros));
  EXPECT_THAT(run(twice).problems,
              ElementsAre(HasSubstr("the archive unpacks to more than 20 times its size")));
  const std::string zip = through(
      "python3 -c 'import sys,zipfile,io\n"
      "out=io.BytesIO()\n"
      "with zipfile.ZipFile(out,\"w\",zipfile.ZIP_DEFLATED) as z:\n"
      " z.writestr(\"../a\",bytes(30<<20))\n"
      "sys.stdout.buffer.write(out.getvalue())'",
      "");
  EXPECT_THAT(run(zip).problems,
              ElementsAre(HasSubstr("case.bin!../a: the archive unpacks to more than 20 times")));

  limits_ = {};
  limits_.archive.members = 50;
  Tar many;
  for (int member = 0; member < 60; ++member) {
    many.add("m" + std::to_string(member), "x");
  }
  const Outcome count = run(many.finish());
  EXPECT_EQ(count.unread.size(), 50u);
  EXPECT_THAT(count.problems,
              ElementsAre("case.bin: holds more than 50 members, the others are left out"));

  limits_ = {};
  limits_.archive.depth = 2;
  std::string nested = Tar().add("last", "x").finish();
  for (int depth = 0; depth < 3; ++depth) {
    nested = Tar().add("n.tar", nested).finish();
  }
  EXPECT_THAT(run(nested).problems,
              ElementsAre(HasSubstr(
                  "case.bin!n.tar!n.tar: is an archive inside 2 others and is not opened")));
  limits_.archive.depth = 4;
  limits_.archive.member_bytes = 1000;
  EXPECT_THAT(run(Tar().add("large", std::string(5000, 'x')).finish()).problems,
              ElementsAre("case.bin!large: is larger than 1000 bytes"));
}

TEST_F(Sandbox, CutAndRandomFilesAreProblemsAndNotFailures) {
  const std::string log = evtx::fixtures::dense_log(200'000);
  const Outcome cut = run(log.substr(0, 100'000));
  ASSERT_TRUE(cut.totals);
  EXPECT_FALSE(cut.problems.empty());
  EXPECT_EQ(cut.records, in_process(log.substr(0, 100'000), "case.bin"));
  const std::string packed = through("gzip -c", log);
  const Outcome half = run(packed.substr(0, packed.size() / 2));
  ASSERT_TRUE(half.totals);
  EXPECT_FALSE(half.problems.empty());
  for (const std::string& garbage :
       {std::string(), std::string(5000, '\xff'), std::string("PK\x03\x04 no zip at all"),
        std::string("\x1f\x8b\x08 no gzip at all"), std::string("ElfFile\0 no log", 16)}) {
    const Outcome outcome = run(garbage);
    EXPECT_TRUE(outcome.totals) << outcome.totals.error().to_string();
    EXPECT_THAT(outcome.records, IsEmpty());
    EXPECT_EQ(outcome.unread.size() + outcome.problems.size() + outcome.files.size() > 0, true);
  }
}

TEST_F(Sandbox, AChildThatGoesWrongIsAnError) {
  EXPECT_THAT(error_of(run("", Mode::kCrash), ErrorCode::kInvalidInput),
              HasSubstr("the parser of the file "));
  limits_.silent_seconds = 0;
  EXPECT_EQ(error_of(run("", Mode::kHang), ErrorCode::kLimit),
            "the parser of the file said nothing for 0 seconds");
  limits_ = {};
  limits_.wait_seconds = 0;
  EXPECT_EQ(error_of(run("", Mode::kSpin), ErrorCode::kLimit),
            "the parser of the file took more than 0 seconds");
  limits_ = {};
  limits_.processor_seconds = 1;
  EXPECT_EQ(error_of(run("", Mode::kSpin), ErrorCode::kLimit),
            "the parser of the file computed for more than 1 seconds");
  limits_ = {};
  limits_.output_bytes = 1 << 20;
  EXPECT_EQ(error_of(run("", Mode::kFlood), ErrorCode::kLimit),
            "the parser of the file sent more than 1048576 bytes");
  limits_ = {};
  EXPECT_EQ(error_of(run("", Mode::kGarbage), ErrorCode::kInvalidInput),
            "the parser of the file sent a frame that is too large");
  EXPECT_EQ(error_of(run("", Mode::kWrongLabel), ErrorCode::kInvalidInput),
            "the parser of the file named a file that it was not given");
  EXPECT_EQ(error_of(run("", Mode::kTwoEnds), ErrorCode::kInvalidInput),
            "the parser of the file went on after its end");
}

TEST_F(Sandbox, MemoryIsBounded) {
  if (kIsSanitized) {
    GTEST_SKIP() << "sanitizers need more address space than any bound leaves";
  }
  limits_.memory_bytes = 512u << 20;
  EXPECT_EQ(error_of(run("", Mode::kAllocate), ErrorCode::kLimit),
            "the parser of the file needed more than 536870912 bytes of memory");
}

TEST_F(Sandbox, RecordsAndProblemsAreBounded) {
  const std::string log = evtx::fixtures::dense_log(200'000);
  limits_.records = 5;
  const Outcome outcome = run(log);
  EXPECT_EQ(error_of(outcome, ErrorCode::kLimit), "the file holds more than 5 records");
  EXPECT_EQ(outcome.records.size(), 5u);
  limits_ = {};
  limits_.problems = 2;
  Tar links;
  for (int link = 0; link < 4; ++link) {
    links.add("l", "", '2', "x");
  }
  EXPECT_EQ(error_of(run(links.finish()), ErrorCode::kLimit), "the file has more than 2 problems");
}

TEST_F(Sandbox, StopEndsTheChild) {
  std::stop_source stop;
  stop.request_stop();
  const Outcome outcome = run("", Mode::kHang, stop.get_token());
  EXPECT_EQ(error_of(outcome, ErrorCode::kCancelled), "the import was stopped");
}

TEST_F(Sandbox, AProgramThatIsNotThereIsAnError) {
  limits_.program = folder_ / "missing";
  const Outcome outcome = run("");
  ASSERT_FALSE(outcome.totals);
  EXPECT_EQ(outcome.totals.error().code, ErrorCode::kNotFound);
}

TEST_F(Sandbox, TheChildCanDoNothingButParse) {
  const Outcome outcome = run("x", Mode::kAttempts);
  ASSERT_TRUE(outcome.totals) << outcome.totals.error().to_string();
  EXPECT_THAT(
      outcome.problems,
      ElementsAre(
          "case.bin: open a file: refused (EPERM)",
          "case.bin: open a file by the old call: refused (EPERM)",
          "case.bin: make a file: refused (EPERM)", "case.bin: open itself: refused (EPERM)",
          "case.bin: list a folder: refused (EPERM)", "case.bin: remove a file: refused (EPERM)",
          "case.bin: write to its input: refused (EBADF)",
          "case.bin: make a socket: refused (EPERM)",
          "case.bin: make a local socket: refused (EPERM)", "case.bin: connect: refused (EPERM)",
          "case.bin: pass descriptors: refused (EPERM)", "case.bin: run a program: refused (EPERM)",
          "case.bin: make a process: refused (EPERM)", "case.bin: send a signal: refused (EPERM)",
          "case.bin: send a signal to a thread: refused (EPERM)",
          "case.bin: trace: refused (EPERM)", "case.bin: use io_uring: refused (EPERM)",
          "case.bin: raise a limit: refused (EPERM)", "case.bin: map code: refused (EPERM)",
          "case.bin: open descriptors: 0 1 2 3 4 5 6 7", "case.bin: environment: empty"));
}

}  // namespace
}  // namespace spoor::ingest::sandbox

int main(int argc, char** argv) {
  spoor::ingest::sandbox::run_if_child(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
