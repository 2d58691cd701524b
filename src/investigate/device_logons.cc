// Accounts that logged on to a device.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "investigate/device_cards.h"
#include "investigate/plan_text.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 1000;
constexpr std::size_t kMostTypes = 32;  // Windows knows about fifteen

/// Logon types at the device itself, from its cache, to unlock it, and by remote desktop.
constexpr std::string_view kInteractive =
    "LogonType in (\"Interactive\", \"RemoteInteractive\", \"CachedInteractive\", "
    "\"CachedRemoteInteractive\", \"Unlock\", \"CachedUnlock\")";

/// Accounts that the system itself uses: by SID (well-known ones of the system, its services,
/// anonymous; those of window managers and font drivers), or by domain where no event has a SID.
constexpr std::string_view kIsSystem =
    "(Sid in (\"S-1-5-18\", \"S-1-5-19\", \"S-1-5-20\", \"S-1-5-7\") or Sid startswith "
    "\"S-1-5-90-\" or Sid startswith \"S-1-5-96-\" or (isempty(Sid) and Domain in~ (\"nt "
    "authority\", \"window manager\", \"font driver host\", \"nt service\")))";

/// Names are as long as a hostile log wants: a cursor holds their beginning and a hash.
constexpr std::string_view kQuery = R"(
DeviceLogonEvents
| where {device} and {time} and isnotempty(AccountName) and ActionType in ("LogonSuccess", "LogonFailed")
| summarize Tries = count(), First = min(Timestamp), Last = max(Timestamp), Sid = max(AccountSid), ShownDomain = max(AccountDomain),
            ShownName = max(AccountName)
    by Domain = tolower(AccountDomain), Name = tolower(AccountName), LogonType, IsLogon = ActionType == "LogonSuccess"
| summarize Interactive = sumif(Tries, IsLogon and {interactive}), Logons = sumif(Tries, IsLogon), Failed = sumif(Tries, not(IsLogon)),
            First = min(First), Last = max(Last), Sid = max(Sid), ShownDomain = max(ShownDomain), ShownName = max(ShownName),
            Types = make_list_if(strcat(tostring(Tries), " ", LogonType), IsLogon) by Domain, Name
| extend Kind = case({system}, "system", Name endswith "$", "machine", "user"), Short = substring(strcat(Domain, "\\", Name), 0, 64),
         Key = hash_sha256(strcat(Domain, "\\", Name))
| where {shown}
| sort by Interactive desc, Logons desc, Short asc, Key asc
| take {rows}
| project Interactive, Logons, Failed, First, Last, Sid, ShownDomain, ShownName, Types, Kind, Short, Key
)";

LogonAccount read_account(const kql::Row& cells) {
  LogonAccount account;
  account.interactive = number_of(cells[0]);
  account.count = number_of(cells[1]);
  account.failed = number_of(cells[2]);
  account.first = number_of(cells[3]);
  account.last = number_of(cells[4]);
  account.sid = text_of(cells[5]);
  account.domain = text_of(cells[6]);
  account.name = text_of(cells[7]);
  for (const std::string& type : texts_of(cells[8])) {
    const std::size_t blank = type.find(' ');
    account.types.emplace_back(type.substr(blank + 1),
                               parse_int(type.substr(0, blank)).value_or(0));
  }
  std::ranges::sort(account.types, [](const auto& left, const auto& right) {
    return std::pair(-left.second, left.first) < std::pair(-right.second, right.first);
  });
  account.types.resize(std::min(account.types.size(), kMostTypes));
  account.kind = text_of(cells[9]);
  return account;
}

std::string write_cursor(const kql::Row& cells) {
  std::string text;
  json::Writer(text)
      .begin_array()
      .number(number_of(cells[0]))
      .number(number_of(cells[1]))
      .string(text_of(cells[10]))
      .string(text_of(cells[11]))
      .end_array();
  return text;
}

/// Condition: an account comes after the cursor's.
Result<std::string> after_cursor(const std::string& cursor, Arguments& arguments) {
  const auto read = json::parse(cursor, {.max_bytes = 8U << 10U, .max_depth = 2, .max_values = 8});
  const auto* parts = read ? read->as_array() : nullptr;
  if (parts == nullptr || parts->size() != 4 || (*parts)[0].as_int64() == nullptr ||
      (*parts)[1].as_int64() == nullptr || (*parts)[2].as_string() == nullptr ||
      (*parts)[3].as_string() == nullptr) {
    return fail(Error::make(ErrorCode::kInvalidInput, "the cursor is damaged")
                    .with_hint("begin with the first page"));
  }
  const std::string interactive = arguments.number(*(*parts)[0].as_int64());
  const std::string logons = arguments.number(*(*parts)[1].as_int64());
  const std::string beginning = arguments.text(*(*parts)[2].as_string());
  const std::string key = arguments.text(*(*parts)[3].as_string());
  return fmt::format(
      "(Interactive < {0} or (Interactive == {0} and (Logons < {1} or (Logons == {1} and (Short > "
      "{2} or (Short == {2} and Key > {3}))))))",
      interactive, logons, beginning, key);
}

}  // namespace

Result<LogonPage> device_logons(const Views& views, const LogonRequest& request) {
  TRY_VOID(views.check(request.device));
  if (request.rows < 1 || request.rows > kMostRows) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a page has 1 to {} accounts, not {}", kMostRows, request.rows));
  }
  Arguments arguments;
  std::string shown = request.people_only ? "Kind == \"user\" and Logons > 0" : "true";
  if (!request.cursor.empty()) {
    shown += " and " + TRY(after_cursor(request.cursor, arguments));
  }
  const std::string query = fmt::format(
      fmt::runtime(kQuery), fmt::arg("device", device_condition(request.device.ids, arguments)),
      fmt::arg("time", time_condition(request.from, request.to, arguments)),
      fmt::arg("interactive", kInteractive), fmt::arg("system", kIsSystem),
      fmt::arg("shown", shown), fmt::arg("rows", arguments.number(request.rows + 1)));
  LogonPage page;
  std::string last;
  TRY(views.run_kept(query, arguments.take(), request.rows + 1,
                     [&](std::span<const kql::Row> part) -> Result<void> {
                       for (const kql::Row& cells : part) {
                         if (static_cast<std::int64_t>(page.accounts.size()) == request.rows) {
                           page.next = last;
                           return {};
                         }
                         page.accounts.push_back(read_account(cells));
                         last = write_cursor(cells);
                       }
                       return {};
                     }));
  return page;
}

}  // namespace spoor::investigate
