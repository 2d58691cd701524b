#pragma once
// The mappings as constant data. Generated from schema/mappings/ by tools/gen; what is declared
// here is the shape.

#include <cstdint>
#include <span>
#include <string_view>

namespace spoor::normalize {

/// What is done to a field's value. Names are those of the YAML (`as:`), documented in
/// docs/schema/mappings.md.
enum class Transform : std::uint8_t {
  kText = 1,      ///< as it is; "-" and blanks mean absent
  kInt = 2,       ///< decimal or 0x…; absent where it is no number
  kPositive = 3,  ///< kInt, 0 is absent
  kBool = 4,
  kTime = 5,      ///< ISO text (UTC) or a time value
  kFileName = 6,  ///< after the last '\' or '/'
  kHex = 7,       ///< number as 0x1410
  kStatus = 8,    ///< number as 0xc000006d, eight digits, 0x0 is absent
  kMd5 = 9,       ///< out of "SHA1=…,MD5=…"
  kSha1 = 10,
  kSha256 = 11,
  kImphash = 12,
  kAccountName = 13,    ///< after the '\' of DOMAIN\name
  kAccountDomain = 14,  ///< before it
  kSid = 15,            ///< S-1-0-0 is absent
  kGuid = 16,           ///< all zero is absent
  kAddress = 17,        ///< IP address, short spelling
  kAddressClass = 18,
  kRegistryKey = 19,     ///< key with the full hive name
  kRegistryParent = 20,  ///< the same without its last part
  kRegistryType = 21,    ///< type that Sysmon's "DWORD (0x…)" tells
  kRegistryData = 22,    ///< data of it, numbers in decimal
  kRegistryName = 23,    ///< after the last backslash
  kHost = 24,            ///< kAddress, IPv6 in brackets as before a port
  kImageName = 25,       ///< file name of the program that a command line starts
  kImagePath = 26,       ///< path of that program
  kUnquoted = 27,        ///< without blanks and quotes around it
  kBrief = 28,           ///< one line of at most 300 bytes, "…" where more was said
  kCodes = 29,           ///< blank-separated codes, each looked up, with commas between them
  kFlags = 30,           ///< the same for the set bits of a number, as 0x10
};

/// Where a value is read.
enum class Place : std::uint8_t {
  kData = 0,       ///< field of the payload
  kEventId = 1,    ///< the others: what the event's header says
  kProcessId = 2,  ///< 0 is absent
  kUserSid = 3,
  kChannel = 4,
  kProvider = 5,
  kLevel = 6,
  kWhole = 7,    ///< the text that a block's last part completes (Mapping::block)
  kOutcome = 8,  ///< "success" or "failure", of an audit
};

/// Which part of a text is meant.
enum class Cut : std::uint8_t {
  kAll = 0,
  kMember = 1,   ///< value of the line "from=value" or "from: value"
  kBetween = 2,  ///< behind `from` up to `to`, to the end where `to` is empty
};

/// A value of a record that a mapping reads.
struct Source {
  std::string_view name;  ///< of the field, for Place::kData
  Place place = Place::kData;
  std::uint8_t nth = 0;  ///< of the fields that have the name, from 0
  Cut cut = Cut::kAll;
  std::string_view from;
  std::string_view to;
};

enum class Form : std::uint8_t {
  kField = 1,     ///< `field`, `as`, `lookup`
  kConstant = 2,  ///< `text`
  kFirst = 3,     ///< the first child that is present
  kTemplate = 4,  ///< children joined; absent where no field in it is present
  kSegment = 5,   ///< children joined; absent where one of them is absent
  kObject = 6,    ///< JSON object of the children that are present, under their `key`
};

inline constexpr std::uint16_t kNone = 0xffff;

/// A node; its children are `children` expressions from `first_child` on, within the mapping's
/// list.
struct Expression {
  Form form;
  Transform as = Transform::kText;
  std::uint8_t field = 0;   ///< index in the mapping's sources
  std::uint8_t lookup = 0;  ///< 1 + index in lookups(), 0 none
  std::uint16_t first_child = 0;
  std::uint16_t children = 0;
  std::string_view text;
  std::string_view key;
};

struct Assignment {
  std::uint16_t column;      ///< ordinal in the plan's table
  std::uint16_t expression;  ///< index in the mapping's expressions
};

enum class Test : std::uint8_t {
  kEquals = 0,
  kBegins = 1,
  kContains = 2,
  kPresent = 3,
  kAbsent = 4,
  kAnyBit = 5,  ///< a number that has one of the bits
};

/// What a field must be; texts are compared without regard to case.
struct Condition {
  std::uint8_t field;
  Test test;
  std::span<const std::string_view> texts;  ///< one of them must fit
};

/// Expressions that give what an event says of a process; kNone where it does not.
struct Role {
  std::uint16_t guid = kNone, pid = kNone, image = kNone, command_line = kNone, account = kNone,
                account_domain = kNone, account_name = kNone, account_sid = kNone, sha1 = kNone,
                sha256 = kNone, md5 = kNone, integrity_level = kNone, token_elevation = kNone,
                logon_id = kNone, start = kNone;
  [[nodiscard]] bool is_given() const { return pid != kNone || account_name != kNone; }
};

/// What the event does to the process that it is about.
enum class Effect : std::uint8_t { kNothing = 0, kCreated = 1, kTargeted = 2, kEnded = 3 };

/// One way of mapping an event: the first plan of a mapping whose conditions hold is used.
struct Plan {
  std::span<const Condition> when;
  std::int16_t table = -1;  ///< schema::TableId, -1: no hunting table
  std::string_view action_type;
  std::span<const Assignment> columns;
  Role acting;
  Role process;
  Effect effect = Effect::kNothing;
  std::string_view group;  ///< of the timeline; empty: no timeline row
  std::uint16_t title = kNone, detail = kNone, actor = kNone, account = kNone;
  std::uint16_t rule_name = kNone;
  std::uint16_t local_address = kNone;
  std::uint16_t logon_domain = kNone, logon_account = kNone;
  std::uint16_t machine_domain = kNone, machine_sid = kNone;
  std::uint16_t windows_version = kNone, windows_build = kNone;  ///< of the running system
  std::string_view coverage_kind;  ///< empty: no row of DeviceCoverage
  std::uint16_t coverage_source = kNone, coverage_detail = kNone;
};

/// A text that is logged in several events, its parts.
struct Block {
  std::uint16_t id = kNone, part = kNone, parts = kNone, text = kNone;
};

struct Mapping {
  std::string_view channel;  ///< '*' at the end of channel or provider stands for any ending
  std::string_view provider;
  std::uint32_t event_id;
  std::uint16_t version;
  std::span<const Source> fields;
  std::span<const Expression> expressions;
  std::span<const Plan> plans;
  Block block;
};

struct LookupEntry {
  std::string_view code;  ///< compared without regard to case
  std::string_view name;
};
struct Lookup {
  std::string_view name;
  std::span<const LookupEntry> entries;  ///< ordered by code, in lower case
};

/// All mappings, ordered by event id; of those with the same one, patterns stand last.
std::span<const Mapping> mappings();
std::span<const Lookup> lookups();

}  // namespace spoor::normalize
