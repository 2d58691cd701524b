#include "normalize/process_columns.h"

#include <charconv>
#include <string_view>

#include "base/text.h"

namespace spoor::normalize {
namespace {

void put_text(event::Batch& batch, std::uint16_t column, std::string_view text) {
  if (column != kNone && !text.empty()) {
    batch.set_text(column, text);
  }
}

void put_number(event::Batch& batch, std::uint16_t column, std::int64_t number) {
  if (column != kNone) {
    batch.set_number(column, number);
  }
}

void put_unique_id(event::Batch& batch, std::uint16_t column, std::int64_t key) {
  if (column == kNone || key == 0) {
    return;
  }
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, key).ptr;
  batch.set_text(column, {digits, static_cast<std::size_t>(end - digits)});
}

}  // namespace

ProcessColumns::ProcessColumns(const schema::Table& table) {
  const auto find = [&](std::string_view name) { return table.find(name).value_or(kNone); };
  process_key = find("ProcessKey");
  process_unique_id = find("ProcessUniqueId");
  process_creation_time = find("ProcessCreationTime");
  process_command_line = find("ProcessCommandLine");
  sha1 = find("SHA1");
  sha256 = find("SHA256");
  md5 = find("MD5");
  acting_key = find("InitiatingProcessKey");
  acting_unique_id = find("InitiatingProcessUniqueId");
  ancestors = find("Ancestors");
  acting_id = find("InitiatingProcessId");
  acting_creation_time = find("InitiatingProcessCreationTime");
  acting_file_name = find("InitiatingProcessFileName");
  acting_folder_path = find("InitiatingProcessFolderPath");
  acting_command_line = find("InitiatingProcessCommandLine");
  acting_domain = find("InitiatingProcessAccountDomain");
  acting_account = find("InitiatingProcessAccountName");
  acting_sid = find("InitiatingProcessAccountSid");
  acting_logon_id = find("InitiatingProcessLogonId");
  acting_integrity = find("InitiatingProcessIntegrityLevel");
  acting_elevation = find("InitiatingProcessTokenElevation");
  acting_sha1 = find("InitiatingProcessSHA1");
  acting_sha256 = find("InitiatingProcessSHA256");
  acting_md5 = find("InitiatingProcessMD5");
  parent_id = find("InitiatingProcessParentId");
  parent_file_name = find("InitiatingProcessParentFileName");
  parent_creation_time = find("InitiatingProcessParentCreationTime");
}

void ProcessColumns::write_acting(event::Batch& batch, const enrich::ProcessView& process,
                                  const enrich::ProcessEvidence& said) const {
  const enrich::ProcessDetails& known = *process.details;
  const auto first = [](std::string_view one, std::string_view other) {
    return one.empty() ? other : one;
  };
  if (process.key != 0) {
    put_number(batch, acting_key, process.key);
    put_unique_id(batch, acting_unique_id, process.key);
    put_number(batch, acting_id, process.pid);
    if (process.start != 0) {
      put_number(batch, acting_creation_time, process.start);
    }
    if (ancestors != kNone && process.ancestor_count != 0) {
      batch.set_keys(ancestors, process.ancestors());
    }
  }
  // The kernel's own path of a device is worth less than the path that a start record gave.
  const bool is_device_path = starts_with_ignoring_case(said.image, "\\device\\");
  const std::string_view image =
      is_device_path ? first(known.image, said.image) : first(said.image, known.image);
  put_text(batch, acting_file_name, path_file_name(image));
  put_text(batch, acting_folder_path, image);
  put_text(batch, acting_command_line, first(said.command_line, known.command_line));
  // The account is taken from one source as a whole.
  const bool says_account = !said.account_name.empty() || !said.account_sid.empty();
  put_text(batch, acting_domain, says_account ? said.account_domain : known.account_domain);
  put_text(batch, acting_account, says_account ? said.account_name : known.account_name);
  put_text(batch, acting_sid, first(said.account_sid, known.account_sid));
  put_text(batch, acting_integrity, known.integrity_level);
  put_text(batch, acting_elevation, known.token_elevation);
  put_text(batch, acting_sha1, known.sha1);
  put_text(batch, acting_sha256, known.sha256);
  put_text(batch, acting_md5, known.md5);
  if (const std::int64_t logon = said.logon_id != 0 ? said.logon_id : known.logon_id; logon != 0) {
    put_number(batch, acting_logon_id, logon);
  }
  if (process.parent_pid >= 0) {
    put_number(batch, parent_id, process.parent_pid);
  }
  if (process.parent_start != 0) {
    put_number(batch, parent_creation_time, process.parent_start);
  }
  if (process.parent_details) {
    put_text(batch, parent_file_name, path_file_name(process.parent_details->image));
  }
}

void ProcessColumns::write_subject(event::Batch& batch, const enrich::ProcessView& process,
                                   bool describe) const {
  if (process.key == 0) {
    return;
  }
  put_number(batch, process_key, process.key);
  put_unique_id(batch, process_unique_id, process.key);
  if (process.start != 0) {
    put_number(batch, process_creation_time, process.start);
  }
  if (describe && process.details) {
    put_text(batch, process_command_line, process.details->command_line);
    put_text(batch, sha1, process.details->sha1);
    put_text(batch, sha256, process.details->sha256);
    put_text(batch, md5, process.details->md5);
  }
}

}  // namespace spoor::normalize
