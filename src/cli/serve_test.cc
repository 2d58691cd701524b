// `spoor serve` as an operator runs it: the built program, its signals, its socket, its
// certificate.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/text.h"
#include "cli/serve_fixture.h"
#include "http/client.h"

namespace spoor::cli {
namespace {

TEST_F(Serve, AnswersByTheCertificateThatItsLogNames) {
  start();
  http::ClientRequest request;
  request.url = "https://" + std::string(field("server.ready", "address").text_or("")) + "/healthz";
  request.trust.accept_any_certificate = true;
  request.trust.public_key_pin = field("certificate", "pin").text_or("");
  http::Client client;
  const auto answer = client.send(request);
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{\"status\":\"ok\"}");
  // Another key is another server.
  request.trust.public_key_pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  EXPECT_FALSE(http::Client().send(request));
  // Without a name for the caller there is nothing but that it runs.
  request.trust.public_key_pin = field("certificate", "pin").text_or("");
  request.url.replace(request.url.find("/healthz"), 8, "/api/devices");
  EXPECT_EQ(http::Client().send(request)->status, 401);

  const std::string fingerprint(field("certificate", "fingerprint").text_or("?"));
  struct stat key{};
  ASSERT_EQ(::stat((data_ + "/tls/server.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600U);
  EXPECT_EQ(stop(SIGTERM), 0) << whole_log();
  EXPECT_EQ(field("server.stopping", "signal").text_or(""), "SIGTERM");
  start();
  EXPECT_EQ(field("certificate", "fingerprint").text_or(""), fingerprint);
  EXPECT_TRUE(logged("admin.made").empty()) << "an administrator is made once";
  EXPECT_EQ(stop(SIGINT), 0);
}

TEST_F(Serve, ThePasswordOfTheFirstAdministratorIsInAFileAndInNoLog) {
  start();
  const std::string file(field("admin.made", "password_file").text_or(""));
  const std::string password = read_file(file, 1000).value_or("");
  ASSERT_GT(password.size(), 20U);
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(whole_log().find(trim_blanks(password)), std::string::npos);
}

TEST_F(Serve, PagesAreServedAndTellWhetherItIsTheFirstRun) {
  const std::string pages = folder_ / "pages";
  ASSERT_TRUE(make_folders(pages));
  ASSERT_EQ(::chmod(pages.c_str(), 0755), 0);
  ASSERT_TRUE(write_file_atomically(pages + "/index.html", "<!doctype html>first", 0644));
  ::setenv("SPOOR_SERVER_WEB", pages.c_str(), 1);
  start();
  ::unsetenv("SPOOR_SERVER_WEB");
  const std::string address(field("server.ready", "address").text_or(""));
  const auto ask = [&](std::string method, const std::string& path, std::string body = "",
                       http::Headers headers = {}) {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = "https://" + address + path;
    request.headers = std::move(headers);
    if (!body.empty()) {
      request.headers.push_back({"Content-Type", "application/json"});
    }
    request.body = std::move(body);
    request.trust.accept_any_certificate = true;
    request.trust.public_key_pin = field("certificate", "pin").text_or("");
    auto answer = http::Client().send(request);
    EXPECT_TRUE(answer) << path << ": " << answer.error().to_string();
    return std::move(answer).value_or(http::ClientResponse());
  };
  const auto page = ask("GET", "/");
  EXPECT_EQ(page.body, "<!doctype html>first");
  EXPECT_FALSE(http::find_header(page.headers, "Strict-Transport-Security"))
      << "with a certificate of its own it would lock people out of the next one";

  const auto welcome = json::parse(ask("GET", "/api/welcome").body);
  ASSERT_TRUE(welcome);
  EXPECT_EQ((*welcome)["is_first_run"].dump(), "true");
  EXPECT_EQ((*welcome)["certificate_fingerprint"].text_or(""),
            field("certificate", "fingerprint").text_or("?"));
  EXPECT_EQ("spoor " + std::string((*welcome)["version"].text_or("")) + "\n",
            run_program(kSpoor + " --version").out);

  const std::string password(
      trim_blanks(read_file(data_ + "/first-admin-password", 1000).value_or("")));
  const auto signed_in =
      ask("POST", "/api/session", R"({"name":"admin","password":")" + password + "\"}");
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  const std::string cookie(http::find_header(signed_in.headers, "Set-Cookie").value_or(""));
  const auto me = json::parse(signed_in.body);
  EXPECT_EQ((*json::parse(ask("GET", "/api/welcome").body))["is_first_run"].dump(), "true");
  const auto changed = ask("PUT", "/api/session/password",
                           R"({"current":")" + password + R"(","new":"another long one"})",
                           {{"Cookie", cookie.substr(0, cookie.find(';'))},
                            {"X-Spoor-CSRF", std::string((*me)["csrf_token"].text_or(""))}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ((*json::parse(ask("GET", "/api/welcome").body))["is_first_run"].dump(), "false");
}

TEST_F(Serve, SampleLogsAreThereForWhoHasNone) {
  start();
  auto server = LocalServer::find(data_);
  ASSERT_TRUE(server);
  for (const int duplicates : {0, 23}) {
    const auto job = server->call("POST", "/api/imports/sample");
    ASSERT_TRUE(job) << job.error().to_string();
    EXPECT_EQ((*job)["names"].size(), 3U);
    const std::string path = "/api/imports/" + std::string((*job)["id"].text_or(""));
    ASSERT_TRUE(becomes([&] { return local(path).contains("\"state\":\"done\""); })) << local(path);
    const auto report = json::parse(local(path + "/report"));
    ASSERT_TRUE(report);
    EXPECT_EQ((*report)["records"].int_or(0), 23);
    EXPECT_EQ((*report)["duplicates"].int_or(-1), duplicates);
    EXPECT_EQ((*report)["error_count"].int_or(-1), 0);
  }
}

TEST_F(Serve, TheEngineIsStartedAgainAndReadinessSaysSo) {
  start();
  EXPECT_TRUE(local("/readyz").contains("\"status\":\"ready\""));
  const int first = engine_pid();
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  EXPECT_TRUE(becomes([&] { return !logged("engine.ended").empty(); }));
  EXPECT_TRUE(becomes([&] {
    return engine_pid() != first && local("/readyz").contains("\"status\":\"ready\"") &&
           local("/metrics").contains("spoor_engine_restarts_total 1\n");
  })) << whole_log();
  EXPECT_EQ(
      run_program(kSpoor + " query --format csv" + option(data_) + "'DeviceTimeline | count'").out,
      "Count\n0\n");
  EXPECT_EQ(stop(SIGTERM), 0);
}

TEST_F(Serve, ACommandHandedOverSaysWhatItSaysByItself) {
  start();
  for (const std::string& folder : {data_, direct_}) {
    const Outcome imported = run_program(kSpoor + " import --json" + option(folder) + samples_ +
                                         "/WS01-Security.evtx " + samples_);
    ASSERT_EQ(imported.exit_code, 0);
    const auto report = json::parse(imported.out);
    ASSERT_TRUE(report) << imported.out;
    EXPECT_EQ((*report)["records"].int_or(0) - (*report)["duplicates"].int_or(0), 23);
    EXPECT_EQ((*report)["error_count"].int_or(-1), 0);
  }
  const std::string query =
      "'DeviceProcessEvents | extend d = Timestamp - datetime(2026-01-01), r = 1.5 / 3, n = "
      "long(null), k = dynamic([1,{\"a\":null}]) | project-away IngestTime, BatchId, ReportId "
      "| order by Timestamp asc, EventId asc'";
  // More rows than an answer that is held may have.
  const std::string many = "'range x from 1 to 150000 step 1'";
  EXPECT_EQ(run_program(kSpoor + " query --rows 200000 --format csv" + option(data_) + many).out,
            run_program(kSpoor + " query --rows 200000 --format csv" + option(direct_) + many).out);
  for (const char* command : {"query --format csv", "query --format json", "query --format ndjson",
                              "query --format table", "query --rows 3 --format csv"}) {
    const Outcome handed = run_program(kSpoor + " " + std::string(command) + option(data_) + query);
    const Outcome direct =
        run_program(kSpoor + " " + std::string(command) + option(direct_) + query);
    EXPECT_EQ(handed.exit_code, 0);
    EXPECT_EQ(handed.out, direct.out) << command;
    EXPECT_GT(handed.out.size(), 300U);
  }
  for (const char* command : {"device list", "device show WS01", "device timeline WS01",
                              "device tree --format json WS01", "admin store check"}) {
    const Outcome handed = run_program(kSpoor + " " + std::string(command) + option(data_));
    EXPECT_EQ(handed.exit_code, 0);
    EXPECT_EQ(handed.out, run_program(kSpoor + " " + std::string(command) + option(direct_)).out)
        << command;
  }
  const std::string wrong = " 'DeviceEvents | frobnicate' 2>&1";
  EXPECT_EQ(run_program(kSpoor + " query" + option(data_) + wrong).out,
            run_program(kSpoor + " query" + option(direct_) + wrong).out);
  EXPECT_TRUE(run_program(kSpoor + " admin audit --json" + option(data_))
                  .out.contains("\"Action\":\"import.start\""));
}

TEST_F(Serve, ABackupOfARunningServerIsRestored) {
  start();
  ASSERT_EQ(run_program(kSpoor + " import --json" + option(data_) + samples_).exit_code, 0);
  const std::string to = folder_ / "b.tar";
  ASSERT_EQ(run_program(kSpoor + " admin backup" + option(data_) + "--to " + to).exit_code, 0);
  ASSERT_EQ(run_program(kSpoor + " admin restore" + option(direct_) + "--from " + to).exit_code, 0);
  EXPECT_EQ(run_program(kSpoor + " query --format csv" + option(direct_) +
                        "'DeviceSourceRecords | count'")
                .out,
            "Count\n23\n");
  EXPECT_EQ(run_program(kSpoor + " admin restore" + option(direct_) + "--from " + to + " 2>&1").out,
            "spoor: " + direct_ + ": a backup is restored into a new or empty folder\n");
  EXPECT_TRUE(fs::is_empty(data_ + "/snapshots"));
  EXPECT_TRUE(run_program(kSpoor + " admin audit --json" + option(data_))
                  .out.contains("\"Action\":\"backup.snapshot\""));
}

TEST(ServeStart, RootIsRefused) {
  if (getuid() != 0) {
    GTEST_SKIP() << "not root";
  }
  const TempFolder folder;
  const Outcome refused = run_program(kSpoor + " serve --data " + (folder / "data") + " 2>&1");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out,
            "spoor: spoor serve does not run as root (start it as another user, or name one: "
            "--server.user spoor)\n");
  EXPECT_FALSE(fs::exists(folder / "data"));
}

TEST(ServeStart, WrongSettingsEndItAndPrintConfigTellsWhereTheyComeFrom) {
  const TempFolder folder;
  const std::string base = kSpoor + " serve --data " + folder.path();
  ASSERT_TRUE(write_file_atomically(folder / "spoor.toml", "[log]\nlevel = 'debug'\n"));
  const Outcome printed =
      run_program("SPOOR_LOG_FORMAT=json " + base + " --server.workers 4 --print-config");
  EXPECT_EQ(printed.exit_code, 0);
  for (const std::string& line :
       {"log.level = \"debug\"  # " + (folder / "spoor.toml") + ":2\n",
        std::string("log.format = \"json\"  # environment SPOOR_LOG_FORMAT\n"),
        std::string("server.workers = 4  # flag --server.workers\n"),
        std::string("server.user = \"\"  # default\n")}) {
    EXPECT_TRUE(printed.out.contains(line)) << line << printed.out;
  }
  const Outcome wrong = run_program(base + " --log.levle info 2>&1");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.out, "spoor: there is no setting --log.levle (did you mean log.level?)\n");
}

}  // namespace
}  // namespace spoor::cli
