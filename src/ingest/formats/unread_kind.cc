#include "ingest/formats/unread_kind.h"

#include <algorithm>
#include <functional>

#include "base/text.h"

namespace spoor::ingest {
namespace {

constexpr std::string_view kOther = "files of no known kind";
constexpr std::string_view kHives = "registry hives";
constexpr std::string_view kFileSystem = "file system records";

struct Known {
  std::string_view text;  ///< in lower case
  std::string_view kind;
};

constexpr Known kNames[] = {
    {"sam", kHives},
    {"security", kHives},
    {"software", kHives},
    {"system", kHives},
    {"default", kHives},
    {"components", kHives},
    {"ntuser.dat", kHives},
    {"usrclass.dat", kHives},
    {"amcache.hve", kHives},
    {"syscache.hve", kHives},
    {"bcd", kHives},
    {"$mft", kFileSystem},
    {"$mftmirr", kFileSystem},
    {"$logfile", kFileSystem},
    {"$j", kFileSystem},
    {"$usnjrnl", kFileSystem},
    {"$boot", kFileSystem},
    {"$secure_$sds", kFileSystem},
    {"$max", kFileSystem},
    {"$i30", kFileSystem},
    {"$usnjrnl:$j", kFileSystem},
    {"srudb.dat", "databases"},
    {"history", "browser data"},
    {"cookies", "browser data"},
    {"web data", "browser data"},
    {"login data", "browser data"},
    {"hiberfil.sys", "memory images"},
    {"pagefile.sys", "memory images"},
    {"swapfile.sys", "memory images"},
};

constexpr Known kEndings[] = {
    {".pf", "prefetch files"},
    {".hve", kHives},
    {".lnk", "shortcuts and jump lists"},
    {".automaticdestinations-ms", "shortcuts and jump lists"},
    {".customdestinations-ms", "shortcuts and jump lists"},
    {".evt", "event logs of old Windows"},
    {".etl", "event traces"},
    {".sqlite", "databases"},
    {".db", "databases"},
    {".edb", "databases"},
    {".mdb", "databases"},
    {".dmp", "memory images"},
    {".vmem", "memory images"},
    {".raw", "memory images"},
    {".exe", "programs"},
    {".dll", "programs"},
    {".sys", "programs"},
    {".txt", "texts"},
    {".log", "texts"},
    {".csv", "tables and lists"},
    {".json", "tables and lists"},
    {".jsonl", "tables and lists"},
    {".yaml", "tables and lists"},
};

/// Transaction logs of a hive or a database stand beside it.
std::string_view without_log_ending(std::string_view name) {
  for (const std::string_view ending : {".log1", ".log2", ".log"}) {
    if (name.ends_with(ending)) {
      return name.substr(0, name.size() - ending.size());
    }
  }
  return name;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && append_unhex(out, text.substr(at + 1, 2))) {
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

}  // namespace

std::string_view unread_kind(std::string_view path) {
  const std::string name =
      to_ascii_lower(percent_decoded(path_file_name(path.substr(path.rfind('!') + 1))));
  const std::string_view bare = without_log_ending(name);
  for (const std::string_view each : {std::string_view(name), bare}) {
    const auto* const known = std::ranges::find(kNames, each, &Known::text);
    if (known != std::end(kNames)) {
      return known->kind;
    }
  }
  const auto* const known =
      std::ranges::find_if(kEndings, [&](const Known& each) { return name.ends_with(each.text); });
  return known == std::end(kEndings) ? kOther : known->kind;
}

std::vector<UnreadKind> unread_by_kind(std::span<const std::string> paths, std::size_t examples) {
  std::vector<UnreadKind> kinds;
  for (const std::string& path : paths) {
    const std::string_view kind = unread_kind(path);
    auto found = std::ranges::find(kinds, kind, &UnreadKind::kind);
    if (found == kinds.end()) {
      kinds.push_back({kind, 0, {}});
      found = kinds.end() - 1;
    }
    ++found->count;
    if (found->examples.size() < examples) {
      found->examples.push_back(path);
    }
  }
  std::ranges::stable_sort(kinds, std::ranges::greater(), &UnreadKind::count);
  return kinds;
}

}  // namespace spoor::ingest
