// Our reader against evtxexport (libevtx), an implementation that shares no code with it.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/evtx/reader.h"
#include "ingest/evtx/shared_for_test.h"

namespace spoor::evtx {
namespace {

namespace fs = std::filesystem;
using Pairs = std::vector<std::pair<std::string, std::string>>;
/// The values of every record, by record identifier; identifiers may repeat.
using Log = std::map<std::uint64_t, std::vector<Pairs>>;

struct Allowed {
  std::string_view name;
  std::string_view reason;
};
constexpr std::array kAllowed = {
    Allowed{"number format", "libevtx pads hex to the width of the type; we print it unpadded"},
    Allowed{"time precision", "libevtx prints nine digits of a second, a tick has seven"},
    Allowed{"whitespace", "libevtx drops or adds blanks and line ends around values"},
    Allowed{"GUID case", "case of hex digits carries no meaning"},
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

Log parse_export(std::string_view xml) {
  constexpr std::string_view kId = "<EventRecordID>";
  constexpr std::string_view kData = "<Data Name=\"";
  Log log;
  for (std::size_t at = xml.find("<Event "); at != xml.npos; at = xml.find("<Event ", at)) {
    const std::size_t end = xml.find("</Event>", at);
    if (end == xml.npos) {
      break;
    }
    const std::string_view event = xml.substr(at, end - at);
    at = end;
    const std::size_t id = event.find(kId);
    if (id == event.npos) {
      continue;
    }
    Pairs pairs;
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
      pairs.emplace_back(unescaped(event.substr(name, name_end - name)), std::move(value));
    }
    const std::string digits(event.substr(id + kId.size(), 20));
    log[std::strtoull(digits.c_str(), nullptr, 10)].push_back(std::move(pairs));
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
        Pairs pairs;
        for (const event::Field& field : record.data) {
          std::string text;
          event::append_text(text, field.value);
          pairs.emplace_back(field.name, std::move(text));
        }
        log[record.record_id].push_back(std::move(pairs));
      },
      [](const Problem&) {});
  return log;
}

std::string folded(std::string_view text, bool fold_case) {
  std::string out;
  for (unsigned char c : text) {
    if (fold_case) {
      out += static_cast<char>(std::tolower(c));
    } else if (std::isspace(c) == 0) {
      out += static_cast<char>(c);
    }
  }
  return out;
}

bool same_number(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) {
    return false;
  }
  char* a_end = nullptr;
  char* b_end = nullptr;
  const bool hex = a.starts_with("0x") || b.starts_with("0x");
  const bool same = hex ? std::strtoull(a.c_str(), &a_end, 0) == std::strtoull(b.c_str(), &b_end, 0)
                        : std::strtod(a.c_str(), &a_end) == std::strtod(b.c_str(), &b_end);
  return same && *a_end == 0 && *b_end == 0;
}

std::string_view class_of(const std::string& theirs, const std::string& ours) {
  if (same_number(theirs, ours)) {
    return "number format";
  }
  // Up to and with the seventh digit of the second.
  constexpr std::size_t kTicksLength = 27;
  if (theirs.size() > kTicksLength && theirs[10] == 'T' && theirs.back() == 'Z' &&
      ours.size() > 19 && ours.back() == 'Z' &&
      theirs.starts_with(std::string_view(ours).substr(0, ours.size() - 1))) {
    return "time precision";
  }
  if (folded(theirs, false) == folded(ours, false)) {
    return "whitespace";
  }
  if (theirs.starts_with('{') && folded(theirs, true) == folded(ours, true)) {
    return "GUID case";
  }
  return "other";
}

struct Totals {
  std::size_t files = 0, ours = 0, theirs = 0, missing = 0, unpaired = 0, values = 0, equal = 0;
  std::map<std::string_view, std::size_t> classes;
};

void compare_values(const fs::path& path, std::uint64_t id, const Pairs& theirs, const Pairs& ours,
                    Totals& totals) {
  std::vector<bool> used(ours.size());
  for (const auto& [name, value] : theirs) {
    std::size_t at = 0;
    while (at < ours.size() && (used[at] || ours[at].first != name)) {
      ++at;
    }
    const bool found = at < ours.size();
    if (found) {
      used[at] = true;
    }
    ++totals.values;
    if (found && ours[at].second == value) {
      ++totals.equal;
      continue;
    }
    const std::string_view kind = found ? class_of(value, ours[at].second) : "other";
    if (++totals.classes[kind]; kind == "other" && totals.classes[kind] <= 40) {
      std::cout << path.filename().string() << " record " << id << " " << name << ": libevtx ["
                << value.substr(0, 200) << "] ours ["
                << (found ? ours[at].second.substr(0, 200) : "no such field") << "]\n";
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
            << "; values " << totals.values << ", equal " << totals.equal << "\n";
  for (const auto& [kind, count] : totals.classes) {
    const auto* allowed = std::ranges::find(kAllowed, kind, &Allowed::name);
    std::cout << "  " << kind << ": " << count << "\n";
    EXPECT_NE(allowed, kAllowed.end()) << kind << " differs in " << count << " values";
  }
  EXPECT_GT(totals.theirs, 0U);
  EXPECT_GT(totals.equal, 0U);
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
