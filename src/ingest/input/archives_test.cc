#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "ingest/input/test_archives.h"

namespace spoor::ingest::testing {
namespace {

la_ssize_t append_block(archive*, void* out, const void* block, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(block), size);
  return static_cast<la_ssize_t>(size);
}

}  // namespace

std::string pack(Format format, const std::vector<Entry>& entries, const std::string& password) {
  std::string out;
  archive* writer = archive_write_new();
  switch (format) {
    case Format::kZip:
      archive_write_set_format_zip(writer);
      break;
    case Format::kGzip:
    case Format::kZstd:
      archive_write_set_format_raw(writer);
      break;
    default:
      archive_write_set_format_pax_restricted(writer);
      break;
  }
  if (format == Format::kGzip || format == Format::kTarGzip) {
    archive_write_add_filter_gzip(writer);
  } else if (format == Format::kZstd || format == Format::kTarZstd) {
    archive_write_add_filter_zstd(writer);
  }
  if (!password.empty()) {
    archive_write_set_options(writer, "zip:encryption=aes256");
    archive_write_set_passphrase(writer, password.c_str());
  }
  archive_write_set_bytes_in_last_block(writer, 1);
  EXPECT_EQ(archive_write_open(writer, &out, nullptr, append_block, nullptr), ARCHIVE_OK);
  for (const Entry& entry : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, entry.name.c_str());
    archive_entry_set_perm(header, 0644);
    archive_entry_set_filetype(header, entry.is_folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_size(header, static_cast<la_int64_t>(entry.content.size()));
    if (!entry.symlink.empty()) {
      archive_entry_set_filetype(header, AE_IFLNK);
      archive_entry_set_symlink(header, entry.symlink.c_str());
    } else if (!entry.hardlink.empty()) {
      archive_entry_set_hardlink(header, entry.hardlink.c_str());
    }
    EXPECT_EQ(archive_write_header(writer, header), ARCHIVE_OK) << archive_error_string(writer);
    if (!entry.content.empty()) {
      archive_write_data(writer, entry.content.data(), entry.content.size());
    }
    archive_entry_free(header);
  }
  EXPECT_EQ(archive_write_close(writer), ARCHIVE_OK);
  archive_write_free(writer);
  return out;
}

}  // namespace spoor::ingest::testing
