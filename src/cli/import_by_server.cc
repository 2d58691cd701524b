#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "cli/handed_over.h"
#include "ingest/input/input_walker.h"
#include "json/writer.h"

namespace spoor::cli {
namespace {

/// Files of one import job; the API takes no more.
constexpr std::size_t kFilesAJob = 1000;
constexpr std::size_t kPiece = 8u << 20;

using OnDisk = ingest::InputWalker::OnDisk;
using OnProgress = std::function<void(const pipeline::ImportProgress&)>;

/// Uploads one file; its id.
Result<std::string> upload(LocalServer& server, const OnDisk& file,
                           const std::function<void(std::uint64_t)>& on_bytes) {
  const FileHandle opened(
      ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC | (file.is_named ? 0 : O_NOFOLLOW)));
  if (!opened.is_open()) {
    return fail(system_error("cannot be read", to_valid_utf8(file.path), errno));
  }
  std::string announced;
  json::Writer(announced)
      .begin_object()
      .key("name")
      .string(file.path)
      .key("size")
      .number(file.size)
      .end_object();
  const json::Dynamic made = TRY(server.call("POST", "/api/uploads", announced));
  const std::string id(made["id"].text_or(""));
  std::string piece;
  for (std::uint64_t done = 0; done < file.size;) {
    piece.resize(std::min<std::uint64_t>(kPiece, file.size - done));
    const ssize_t size =
        ::pread(opened.get(), piece.data(), piece.size(), static_cast<off_t>(done));
    if (size <= 0) {
      const Error reason =
          size < 0 ? system_error("cannot be read", file.path, errno)
                   : Error::make(ErrorCode::kTruncated, "became shorter meanwhile").at(file.path);
      static_cast<void>(server.call("DELETE", "/api/uploads/" + id));
      return fail(reason);
    }
    piece.resize(static_cast<std::size_t>(size));
    TRY(server.send_bytes("PUT", fmt::format("/api/uploads/{}?offset={}", id, done), piece));
    done += static_cast<std::uint64_t>(size);
    on_bytes(done);
  }
  return id;
}

/// Waits for the end of a job.
Result<void> follow(LocalServer& server, const std::string& job, std::uint64_t uploaded_before,
                    std::uint64_t total, const OnProgress& on_progress) {
  while (true) {
    const json::Dynamic answer = TRY(server.call("GET", "/api/imports/" + job));
    const json::Dynamic& progress = answer["progress"];
    const std::string_view state = progress["state"].text_or("");
    if (on_progress) {
      pipeline::ImportProgress shown;
      shown.bytes_total = total;
      shown.bytes_done =
          uploaded_before + static_cast<std::uint64_t>(progress["bytes_done"].int_or(0));
      shown.records = static_cast<std::uint64_t>(progress["records"].int_or(0));
      shown.file = progress["file"].text_or("");
      on_progress(shown);
    }
    if (state == "failed" || state == "cancelled" || state == "interrupted") {
      return fail(ErrorCode::kEngine,
                  fmt::format("the import {} {}{}: {}", job, state == "failed" ? "" : "was ", state,
                              progress["reason"].text_or("")));
    }
    if (state == "done") {
      return {};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void add_report(pipeline::ImportReport& sum, const json::Dynamic& report) {
  const auto number = [&](std::string_view key) {
    return static_cast<std::uint64_t>(report[key].int_or(0));
  };
  sum.job_id += sum.job_id.empty() ? "" : " ";
  sum.job_id += report["job"].text_or("");
  sum.files += number("files");
  sum.records += number("records");
  sum.rows += number("rows");
  sum.source_only += number("source_only");
  sum.duplicates += number("duplicates");
  sum.carved += number("carved");
  sum.bytes += number("bytes");
  sum.problem_count += number("error_count");
  for (std::size_t at = 0; at < report["unread"].size(); ++at) {
    sum.unread.emplace_back(report["unread"][at].text_or(""));
  }
  for (std::size_t at = 0; at < report["errors"].size(); ++at) {
    const json::Dynamic& problem = report["errors"][at];
    sum.problems.push_back({std::string(problem["file"].text_or("")), problem["offset"].int_or(-1),
                            std::string(problem["reason"].text_or(""))});
  }
}

}  // namespace

Result<pipeline::ImportReport> import_by_server(LocalServer& server,
                                                const std::vector<std::string>& paths,
                                                const OnProgress& on_progress) {
  const auto started = std::chrono::steady_clock::now();
  pipeline::ImportReport report;
  const auto note = [&](const Error& error) {
    ++report.problem_count;
    report.problems.push_back({error.where, error.offset, error.message});
  };
  const std::vector<OnDisk> files = ingest::InputWalker(paths).files(note);
  std::uint64_t total = 0;
  for (const OnDisk& file : files) {
    total += 2 * file.size;  // once to the server, once through it
  }
  std::uint64_t done = 0;
  for (std::size_t first = 0; first < files.size(); first += kFilesAJob) {
    std::string request;
    json::Writer writer(request);
    writer.begin_object().key("upload_ids").begin_array();
    std::size_t sent = 0;
    std::uint64_t bytes = 0;
    for (std::size_t at = first; at < std::min(files.size(), first + kFilesAJob); ++at) {
      if (files[at].size == 0) {
        report.unread.push_back(to_valid_utf8(files[at].path));
        continue;
      }
      const auto id = upload(server, files[at], [&](std::uint64_t of_file) {
        if (on_progress) {
          on_progress({done + of_file, total, 0, files[at].path});
        }
      });
      if (!id && id.error().where.empty()) {
        return fail(id.error());  // the server refused it; a file's own failure names the file
      }
      if (!id) {
        note(id.error());
        continue;
      }
      done += files[at].size;
      bytes += files[at].size;
      ++sent;
      writer.string(*id);
    }
    writer.end_array().end_object();
    if (sent == 0) {
      continue;
    }
    const json::Dynamic job = TRY(server.call("POST", "/api/imports", request));
    const std::string id(job["id"].text_or(""));
    TRY_VOID(follow(server, id, done, total, on_progress));
    done += bytes;
    add_report(report, TRY(server.call("GET", fmt::format("/api/imports/{}/report", id))));
  }
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report;
}

}  // namespace spoor::cli
