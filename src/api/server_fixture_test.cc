#include "api/server_fixture.h"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>

#include "api/api.h"
#include "api/errors.h"
#include "api/ongoing.h"
#include "auth/accounts.h"
#include "auth/authenticator.h"
#include "auth/credential.h"
#include "auth/token_desk.h"
#include "base/temp_folder.h"
#include "http/server.h"
#include "ingest/sandbox/parse_in_child.h"
#include "pipeline/import_jobs.h"
#include "pipeline/live_intake.h"
#include "pipeline/uploads.h"
#include "state/state.h"
#include "store/appender.h"
#include "store/client.h"
#include "store/migrate.h"
#include "store/worker_process.h"

namespace spoor::api {
namespace {

constexpr std::string_view kEvents = R"xml(<Events>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Security-Auditing"/>
<EventID>4688</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords>
<TimeCreated SystemTime="2026-11-17T09:12:33.0904127Z"/><EventRecordID>101</EventRecordID><Channel>Security</Channel>
<Computer>web-01.tidewater.example</Computer></System><EventData><Data Name="SubjectUserSid">S-1-5-21-1-2-3-1001</Data>
<Data Name="SubjectUserName">mira</Data><Data Name="SubjectDomainName">TIDE</Data><Data Name="SubjectLogonId">0x3e7</Data>
<Data Name="NewProcessId">0x2bc8</Data><Data Name="NewProcessName">C:\Windows\System32\cmd.exe</Data>
<Data Name="TokenElevationType">%%1936</Data><Data Name="ProcessId">0x1d10</Data><Data Name="CommandLine">cmd.exe /c whoami</Data>
<Data Name="ParentProcessName">C:\Windows\explorer.exe</Data></EventData></Event>
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Security-Auditing"/>
<EventID>4624</EventID><Version>2</Version><Level>0</Level><Task>12544</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords>
<TimeCreated SystemTime="2026-11-17T09:10:00.0000000Z"/><EventRecordID>100</EventRecordID><Channel>Security</Channel>
<Computer>web-01.tidewater.example</Computer></System><EventData><Data Name="SubjectUserSid">S-1-5-18</Data>
<Data Name="TargetUserSid">S-1-5-21-1-2-3-1001</Data><Data Name="TargetUserName">mira</Data><Data Name="TargetDomainName">TIDE</Data>
<Data Name="TargetLogonId">0x3e8</Data><Data Name="LogonType">3</Data><Data Name="IpAddress">10.24.7.41</Data>
<Data Name="IpPort">51022</Data></EventData></Event>
</Events>)xml";

std::string name_of(schema::Role role) { return "test-" + std::string(schema::role_name(role)); }

}  // namespace

class TestServer {
 public:
  /// kNotFound where there is no engine to be had.
  static Result<std::unique_ptr<TestServer>> start();
  ~TestServer() {
    if (http_) {
      http_->stop(std::chrono::milliseconds(0));
    }
    ongoing_.followers.clear();
  }

  [[nodiscard]] std::uint16_t port() const { return http_->port(); }
  [[nodiscard]] std::string socket() const { return folder_ / "api.sock"; }
  /// Brings the list of devices up to what was handed over.
  Result<void> settle() { return intake_->upkeep(); }

  std::string device_id, event_id, process_key;
  std::atomic<int> purged_devices = 0;
  std::unique_ptr<const Contract> contract;

 private:
  Result<void> open();
  Result<void> add_users();

  TempFolder folder_;
  std::unique_ptr<store::WorkerProcess> worker_;
  std::unique_ptr<store::Client> owner_, hunter_;
  std::unique_ptr<store::Appender> appender_;
  std::unique_ptr<state::State> state_;
  auth::PasswordHasher hasher_{
      {.passes = 1, .memory_bytes = 1U << 20, .at_once = 4, .waiting = 64}};
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<auth::Accounts> accounts_;
  std::unique_ptr<auth::TokenDesk> tokens_;
  std::unique_ptr<pipeline::Uploads> uploads_;
  std::unique_ptr<pipeline::ImportJobs> imports_;
  std::unique_ptr<pipeline::LiveIntake> intake_;
  Ongoing ongoing_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<http::Server> http_;
};

Result<std::unique_ptr<TestServer>> TestServer::start() {
  std::unique_ptr<TestServer> server(new TestServer);
  TRY_VOID(server->open());
  TRY_VOID(server->add_users());
  return server;
}

Result<void> TestServer::open() {
  const std::string& folder = folder_.path();
  worker_ = TRY(store::WorkerProcess::start(folder));
  owner_ = std::make_unique<store::Client>(worker_->endpoint());
  store::Endpoint hunting = worker_->endpoint();
  hunting.user = "hunter";
  hunter_ = std::make_unique<store::Client>(hunting);
  store::MigrateOptions options;
  options.reserve_bytes = 1U << 20;
  TRY_VOID(store::migrate(*owner_, options));
  appender_ =
      std::make_unique<store::Appender>(*owner_, [this] { return worker_->wait_until_ready(); });
  state_ = TRY(state::State::open(folder + "/state.sqlite"));
  authenticator_ = std::make_unique<auth::Authenticator>(*state_, hasher_);
  accounts_ = std::make_unique<auth::Accounts>(*state_, hasher_);
  tokens_ = std::make_unique<auth::TokenDesk>(*state_);
  uploads_ = TRY(pipeline::Uploads::open(folder + "/uploads"));
  imports_ = std::make_unique<pipeline::ImportJobs>(
      pipeline::ImportTarget{*state_, *owner_, *appender_, folder + "/processes"}, *uploads_);
  pipeline::IntakeOptions intake;
  intake.commit_milliseconds = 5;
  intake_ = TRY(
      pipeline::LiveIntake::open({*state_, *owner_, *appender_, folder + "/processes"}, intake));
  services_ = std::make_unique<Services>(Services{*state_, *authenticator_, *accounts_, *tokens_,
                                                  *hunter_, *owner_, *appender_, *uploads_,
                                                  *imports_, *intake_, ongoing_});
  services_->on_failure = [](std::string_view, const Error& error) {
    fmt::print(stderr, "fault: {}\n", error.to_string());
  };
  services_->metrics = [] { return std::string("spoor_up 1\n"); };
  services_->settings = [] {
    return std::vector<EffectiveSetting>{
        {"retention.live_days", "90", "default", "How long", true, "", std::nullopt}};
  };
  services_->change_setting = [](const auth::Caller& caller, std::string_view key,
                                 const std::optional<std::string>& value) {
    return key == "retention.live_days"
               ? Result<EffectiveSetting>(EffectiveSetting{
                     std::string(key), value.value_or("90"), value ? "changed" : "default",
                     "How long", true, caller.actor(), now_ticks()})
               : fail(ErrorCode::kConflict, "it is given by a flag");
  };
  services_->take_snapshot = [] { return Result<std::string>("0123456789abcdef"); };
  services_->purge_device = [this](std::string_view) -> Result<std::uint64_t> {
    ++purged_devices;
    return 0;
  };
  services_->drop_snapshot = [](std::string_view) {
    return fail(ErrorCode::kNotFound, "There is no such snapshot.");
  };
  http::Router router;
  TRY_VOID(add_routes(router, *services_));
  contract = TRY(Contract::load());
  http::ServerOptions server;
  server.listen = {{"127.0.0.1", 0}};
  server.unix_socket = socket();
  server.error_body = http_error_body;
  http_ = std::make_unique<http::Server>(std::move(server), std::move(router));
  return http_->start();
}

Result<void> TestServer::add_users() {
  for (const auto& role : schema::roles()) {
    auth::NewUser user;
    user.name = name_of(role.role);
    user.role = role.role;
    user.must_change_password = false;
    TRY(accounts_->add(auth::system_caller(), user, auth::Secret(kTestPassword)));
  }
  return {};
}

namespace {

std::unique_ptr<TestServer> test_server;
std::string why_not;

/// Ends the server before statics of libraries go.
class EndOfServer final : public testing::Environment {
 public:
  void TearDown() override { test_server.reset(); }
};
[[maybe_unused]] const auto* const kEnd = testing::AddGlobalTestEnvironment(new EndOfServer);

Answer send(http::ClientRequest request, std::string body, std::string type) {
  if (!body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH") {
    request.headers.push_back({"Content-Type", std::move(type)});
  }
  request.body = std::move(body);
  auto response = http::Client().send(request);
  EXPECT_TRUE(response) << request.method << " " << request.url << ": "
                        << response.error().to_string();
  if (!response) {
    return {};
  }
  Answer answer{response->status, response->headers, response->body, {}};
  if (auto json = json::parse(answer.body)) {
    answer.json = *std::move(json);
  }
  return answer;
}

}  // namespace

void ServerTest::SetUpTestSuite() {
  if (test_server != nullptr || !why_not.empty()) {
    return;
  }
  auto started = TestServer::start();
  if (!started) {
    why_not = started.error().to_string();
    ASSERT_EQ(started.error().code, ErrorCode::kNotFound) << why_not;
    return;
  }
  test_server = *std::move(started);
}

void ServerTest::SetUp() {
  if (test_server == nullptr) {
    GTEST_SKIP() << why_not;
  }
  if (!test_server->device_id.empty()) {
    return;
  }
  const Answer taken = local("POST", "/api/ingest/winlog", std::string(kEvents), "application/xml");
  ASSERT_EQ(taken.status, 200) << taken.body;
  ASSERT_EQ(taken.json["stored"].int_or(0), 2) << taken.body;
  const auto settled = test_server->settle();
  ASSERT_TRUE(settled) << settled.error().to_string();
  const Answer devices = local("GET", "/api/devices");
  ASSERT_EQ(devices.json["items"].size(), 1U) << devices.body;
  test_server->device_id = devices.json["items"][std::size_t{0}]["device_id"].text_or("");
  const Answer rows = local("GET", "/api/devices/" + device_id() + "/timeline?groups=process");
  ASSERT_GE(rows.json["items"].size(), 1U) << rows.body;
  test_server->event_id = rows.json["items"][std::size_t{0}]["EventId"].text_or("");
  test_server->process_key = rows.json["items"][std::size_t{0}]["ProcessKey"].text_or("");
}

Answer ServerTest::call(std::string_view method, std::string target, const Credentials& who,
                        std::string body, std::string type) {
  http::ClientRequest request;
  request.method = method;
  request.url = fmt::format("http://127.0.0.1:{}{}", port(), target);
  if (!who.cookie.empty()) {
    request.headers.push_back({"Cookie", fmt::format("{}={}", auth::kCookieName, who.cookie)});
  }
  if (!who.csrf.empty()) {
    request.headers.push_back({std::string(auth::kCsrfHeader), who.csrf});
  }
  if (!who.bearer.empty()) {
    request.headers.push_back({"Authorization", "Bearer " + who.bearer});
  }
  return send(std::move(request), std::move(body), std::move(type));
}

Answer ServerTest::local(std::string_view method, std::string target, std::string body,
                         std::string type) {
  http::ClientRequest request;
  request.method = method;
  request.url = "http://localhost" + target;
  request.unix_socket = test_server->socket();
  return send(std::move(request), std::move(body), std::move(type));
}

Credentials ServerTest::sign_in(schema::Role role) { return sign_in(name_of(role), kTestPassword); }

Credentials ServerTest::sign_in(std::string_view name, std::string_view password) {
  const Answer answer = call("POST", "/api/session", {},
                             fmt::format(R"({{"name":"{}","password":"{}"}})", name, password));
  EXPECT_EQ(answer.status, 200) << answer.body;
  const std::string header(http::find_header(answer.headers, "Set-Cookie").value_or(""));
  const auto start = header.find('=');
  return {header.substr(start + 1, header.find(';') - start - 1),
          std::string(answer.json["csrf_token"].text_or("")), ""};
}

Credentials ServerTest::make_token(const std::vector<std::string>& scopes,
                                   const std::vector<std::string>& devices) {
  const auto quoted = [](const std::vector<std::string>& texts) {
    return texts.empty() ? std::string() : fmt::format("\"{}\"", fmt::join(texts, "\",\""));
  };
  const Answer made = call("POST", "/api/tokens", sign_in(schema::Role::kAdministrator),
                           fmt::format(R"({{"name":"test","scopes":[{}],"devices":[{}]}})",
                                       quoted(scopes), quoted(devices)));
  EXPECT_EQ(made.status, 201) << made.body;
  return {"", "", std::string(made.json["secret"].text_or(""))};
}

const std::string& ServerTest::device_id() { return test_server->device_id; }
const std::string& ServerTest::event_id() { return test_server->event_id; }
const std::string& ServerTest::process_key() { return test_server->process_key; }
const Contract& ServerTest::contract() { return *test_server->contract; }
std::uint16_t ServerTest::port() { return test_server->port(); }
TestServer& ServerTest::server() { return *test_server; }
int ServerTest::purged_devices() { return test_server->purged_devices; }

std::string ServerTest::check_answer(OperationId id, const Answer& answer) {
  const CheckedOperation& operation = contract()[id];
  const std::string type =
      media_type_of(http::find_header(answer.headers, "Content-Type").value_or(""));
  const CheckedContent* content =
      operation.find_answer(answer.status, answer.body.empty() ? "" : type);
  if (content == nullptr) {
    return fmt::format("{} does not declare {} {}", operation.spec->name, answer.status, type);
  }
  if (type != "application/json" || answer.body.empty()) {
    return {};
  }
  const auto checked = check_value(*content->schema, answer.json);
  return checked ? ""
                 : fmt::format("{} {}: {} {}", operation.spec->name, answer.status,
                               checked.error().where, checked.error().message);
}

}  // namespace spoor::api

int main(int argc, char** argv) {
  spoor::ingest::sandbox::run_if_child(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
