// Our reader against evtxexport (libevtx), an implementation that shares no code with it.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ticks.h"
#include "ingest/evtx/reader.h"
#include "ingest/evtx/shared_for_test.h"

namespace spoor::evtx {
namespace {

namespace fs = std::filesystem;
using event::ValueKind;

/// A value as text, and ours with its kind.
struct Named {
  std::string name;
  std::string text;
  ValueKind kind = ValueKind::kText;
};
using Values = std::vector<Named>;
/// The values of every record, by record identifier; identifiers may repeat.
using Log = std::map<std::uint64_t, std::vector<Values>>;

/// How the same value may be told in other letters: all else is a difference.
struct Allowed {
  std::string_view name;
  std::string_view reason;
};
constexpr std::array kAllowed = {
    Allowed{"hex of 8 digits", "libevtx pads to the type's width, we print no leading zeros"},
    Allowed{"hex of 16 digits", "the same for 64 bits"},
    Allowed{"time of 9 digits",
            "libevtx prints nanoseconds; a tick is 100 of them: two zeros more"},
    Allowed{"lone line end", "libevtx shows a text of one line end alone as an empty element"},
};

std::string export_xml(const fs::path& path) {
  std::string command = "evtxexport -m items -f xml '";
  for (char c : path.string()) {
    command += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  command += "' 2>/dev/null </dev/null";
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return out;
  }
  std::array<char, 65536> buffer;
  while (std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
    out.append(buffer.data(), got);
  }
  pclose(pipe);
  return out;
}

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string out;
  while (!text.empty()) {
    const auto* found = std::ranges::find_if(
        kEntities, [&](const auto& entity) { return text.starts_with(entity.first); });
    if (found != kEntities.end()) {
      out += found->second;
      text.remove_prefix(found->first.size());
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

/// What stands between `before` and the next `end`; nothing where either is missing.
std::optional<std::string> between(std::string_view text, std::string_view before, char end) {
  const std::size_t at = text.find(before);
  const std::size_t start = at + before.size();
  const std::size_t stop = at == text.npos ? at : text.find(end, start);
  if (stop == text.npos) {
    return std::nullopt;
  }
  return unescaped(text.substr(start, stop - start));
}

/// Fields of the System element, as libevtx prints them and as a Record holds them.
Values header_of(std::string_view event) {
  Values values;
  const std::string_view system = event.substr(0, event.find("</System>"));
  const auto add = [&](const char* name, std::string_view before, char end) {
    if (auto text = between(system, before, end); text && !text->empty()) {
      values.push_back({name, std::move(*text)});
    }
  };
  add("Provider", "<Provider Name=\"", '"');
  for (const char* name : {"EventID", "Version", "Level", "Task", "Opcode", "Keywords",
                           "EventRecordID", "Channel", "Computer"}) {
    // EventID may have an attribute; an element without content ends with "/>".
    const auto rest = between(system, "<" + std::string(name), '<');
    const std::size_t tag_end = rest ? rest->find('>') : std::string::npos;
    if (tag_end != std::string::npos && (tag_end == 0 || (*rest)[tag_end - 1] != '/')) {
      values.push_back({name, rest->substr(tag_end + 1)});
    }
  }
  add("SystemTime", " SystemTime=\"", '"');
  add("ProcessID", " ProcessID=\"", '"');
  add("ThreadID", " ThreadID=\"", '"');
  add("UserID", " UserID=\"", '"');
  add("ActivityID", " ActivityID=\"", '"');
  return values;
}

Values header_of(const event::Record& record) {
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  return {{"Provider", std::string(record.provider)},
          {"EventID", number(record.event_id)},
          {"Version", number(record.version)},
          {"Level", number(record.level)},
          {"Task", number(record.task)},
          {"Opcode", number(record.opcode)},
          {"Keywords", fmt::format("{:#x}", record.keywords), ValueKind::kHex},
          {"EventRecordID", number(record.record_id)},
          {"Channel", std::string(record.channel)},
          {"Computer", std::string(record.computer)},
          {"SystemTime", format_ticks(record.time), ValueKind::kTime},
          {"ProcessID", number(record.process_id)},
          {"ThreadID", number(record.thread_id)},
          {"UserID", std::string(record.user_sid)},
          {"ActivityID", std::string(record.activity_id)}};
}

Log parse_export(std::string_view xml) {
  constexpr std::string_view kData = "<Data Name=\"";
  Log log;
  for (std::size_t at = xml.find("<Event "); at != xml.npos; at = xml.find("<Event ", at)) {
    const std::size_t end = xml.find("</Event>", at);
    if (end == xml.npos) {
      break;
    }
    const std::string_view event = xml.substr(at, end - at);
    at = end;
    const auto id = between(event, "<EventRecordID>", '<');
    if (!id) {
      continue;
    }
    Values values = header_of(event);
    for (std::size_t data = event.find(kData); data != event.npos;
         data = event.find(kData, data + 1)) {
      const std::size_t name = data + kData.size();
      const std::size_t name_end = event.find('"', name);
      const std::size_t tag_end = event.find('>', name_end);
      if (tag_end == event.npos) {
        break;
      }
      std::string value;
      if (event[tag_end - 1] != '/') {
        const std::size_t close = event.find("</Data>", tag_end);
        value = unescaped(event.substr(tag_end + 1, close - tag_end - 1));
      }
      values.push_back({unescaped(event.substr(name, name_end - name)), std::move(value)});
    }
    log[std::strtoull(id->c_str(), nullptr, 10)].push_back(std::move(values));
  }
  return log;
}

Log read_ours(const fs::path& path) {
  const std::string bytes = slurp(path);
  Log log;
  read(
      Source::from_bytes(path.filename().string(), bytes),
      [&](const event::Record& record) {
        if (record.carved) {
          return;
        }
        Values values = header_of(record);
        for (const event::Field& field : record.data) {
          std::string text;
          event::append_text(text, field.value);
          values.push_back({std::string(field.name), std::move(text), field.value.kind});
        }
        log[record.record_id].push_back(std::move(values));
      },
      [](const Problem&) {});
  return log;
}

/// "equal", one of kAllowed, or "other". Numbers, GUIDs, SIDs and texts are equal to the letter.
std::string_view class_of(const std::string& theirs, const Named& ours) {
  if (theirs == ours.text) {
    return "equal";
  }
  if (ours.kind == ValueKind::kHex) {
    const std::string digits = ours.text.substr(2);
    for (const std::size_t width : {8, 16}) {
      if (digits.size() < width &&
          theirs == "0x" + std::string(width - digits.size(), '0') + digits) {
        return width == 8 ? "hex of 8 digits" : "hex of 16 digits";
      }
    }
  }
  if (ours.kind == ValueKind::kTime &&
      theirs == ours.text.substr(0, ours.text.size() - 1) + "00Z") {
    return "time of 9 digits";
  }
  if (ours.kind == ValueKind::kText && ours.text == "\n" && theirs.empty()) {
    return "lone line end";
  }
  return "other";
}

struct Totals {
  std::size_t files = 0, ours = 0, theirs = 0, missing = 0, unpaired = 0, values = 0;
  std::map<std::string_view, std::size_t> classes;
};

void compare_values(const fs::path& path, std::uint64_t id, const Values& theirs,
                    const Values& ours, Totals& totals) {
  std::vector<bool> used(ours.size());
  for (const auto& [name, value, kind] : theirs) {
    std::size_t at = 0;
    while (at < ours.size() && (used[at] || ours[at].name != name)) {
      ++at;
    }
    const bool found = at < ours.size();
    if (found) {
      used[at] = true;
    }
    ++totals.values;
    const std::string_view difference = found ? class_of(value, ours[at]) : "other";
    if (++totals.classes[difference]; difference == "other" && totals.classes[difference] <= 40) {
      std::cout << path.filename().string() << " record " << id << " " << name << ": libevtx ["
                << value.substr(0, 200) << "] ours ["
                << (found ? ours[at].text.substr(0, 200) : "no such field") << "]\n";
    }
  }
}

void compare_file(const fs::path& path, Totals& totals) {
  const Log theirs = parse_export(export_xml(path));
  const Log ours = read_ours(path);
  ++totals.files;
  for (const auto& [id, records] : ours) {
    totals.ours += records.size();
  }
  for (const auto& [id, records] : theirs) {
    totals.theirs += records.size();
    const auto found = ours.find(id);
    const std::size_t have = found == ours.end() ? 0 : found->second.size();
    if (have < records.size()) {
      totals.missing += records.size() - have;
      ADD_FAILURE() << path << ": record " << id << " missing, ours " << have << ", libevtx "
                    << records.size();
    } else if (have > records.size()) {
      totals.unpaired += records.size();
    } else {
      for (std::size_t i = 0; i < have; ++i) {
        compare_values(path, id, records[i], found->second[i], totals);
      }
    }
  }
}

TEST(LibevtxCompare, NoRecordMissingAndValuesEqual) {
  const fs::path root = shared_evtx();
  if (!fs::is_directory(root)) {
    GTEST_SKIP() << "no shared event logs";
  }
  if (std::system("command -v evtxexport >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "evtxexport (libevtx-utils) is not installed";
  }
  Totals totals;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file() && entry.path().extension() == ".evtx") {
      compare_file(entry.path(), totals);
    }
  }
  std::cout << totals.files << " files, records: ours " << totals.ours << ", libevtx "
            << totals.theirs << ", missing " << totals.missing << ", not paired " << totals.unpaired
            << "; values " << totals.values << "\n";
  for (const auto& [difference, count] : totals.classes) {
    const auto* allowed = std::ranges::find(kAllowed, difference, &Allowed::name);
    const bool known = allowed != kAllowed.end();
    std::cout << "  " << difference << ": " << count << (known ? ": " : "")
              << (known ? allowed->reason : "") << "\n";
    EXPECT_TRUE(known || difference == "equal") << difference << " in " << count << " values";
  }
  EXPECT_GT(totals.theirs, 0U);
  EXPECT_GT(totals.classes["equal"], 0U);
}

TEST(LibevtxCompare, FilesThatLibevtxCannotReadGiveRecords) {
  const fs::path root = shared_evtx();
  std::ifstream inventory(root / "evtx-inventory.csv");
  if (!inventory) {
    GTEST_SKIP() << "no inventory of shared event logs";
  }
  std::size_t checked = 0;
  std::string line;
  while (std::getline(inventory, line)) {
    // Paths and names may hold commas inside quotes.
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char c : line) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    if (cells.size() < 7 || std::atoi(cells[6].c_str()) == 0) {
      continue;
    }
    const fs::path path = root.parent_path() / cells[0];
    if (!cells[0].empty() && fs::is_regular_file(path)) {
      EXPECT_FALSE(read_ours(path).empty()) << path;
      ++checked;
    }
  }
  std::cout << checked << " files with errors of libevtx\n";
}

}  // namespace
}  // namespace spoor::evtx
