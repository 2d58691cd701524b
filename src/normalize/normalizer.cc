#include "normalize/normalizer.h"

#include <set>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "event/event_id.h"
#include "json/writer.h"
#include "normalize/evaluator.h"
#include "normalize/hunting_rows.h"
#include "normalize/plan.h"
#include "normalize/process_columns.h"
#include "normalize/technique_tag.h"
#include "normalize/text_blocks.h"

namespace spoor::normalize {

using enrich::ProcessEvidence;
using enrich::ProcessTable;
using enrich::ProcessView;
using event::Batch;
using event::Record;
using event::Rows;
using schema::TableId;

namespace {

constexpr Ticks kYear1990 = 631'152'000 * kTicksPerSecond;
constexpr TickSpan kTwoYears = 731 * kTicksPerDay;
constexpr std::int64_t kQuarantine = 2;

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};

void put(Batch& batch, std::uint16_t column, const schema::Column& shape, const Cell& cell) {
  if (cell.is_absent()) {
    return;
  }
  const bool is_text = shape.type == schema::Type::kString || shape.type == schema::Type::kDynamic;
  if (!is_text) {
    if (cell.kind != Cell::Kind::kText) {
      batch.set_number(column, cell.number);
    }
    return;
  }
  if (cell.kind == Cell::Kind::kText) {
    batch.set_text(column, cell.text);
    return;
  }
  std::string text;
  append_cell_text(text, cell);
  batch.set_text(column, text);
}

/// Names under which the system acts; nobody logs on by them.
bool is_service_domain(std::string_view domain) {
  constexpr std::string_view kDomains[] = {"NT AUTHORITY", "NT SERVICE", "Window Manager",
                                           "Font Driver Host", "IIS APPPOOL"};
  for (const std::string_view known : kDomains) {
    if (equals_ignoring_case(domain, known)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_absurd_time(Ticks time, Ticks now) { return time < kYear1990 || time > now + kTwoYears; }

struct Normalizer::Impl {
  struct Device {
    enrich::DeviceRef ref;
    ProcessTable* processes = nullptr;
    std::set<std::string, std::less<>> machine_sids;  // told to the resolver
  };
  /// Of the record at hand, the same in all its rows.
  struct Origin {
    const Record& record;
    const Identity& identity;
    Ticks ingest_time;
    std::int64_t retention_class;
    std::uint16_t mapping_version;
  };

  explicit Impl(Context& given) : context(given) {
    for (const schema::Table& table : schema::tables()) {
      process_columns.emplace_back(table);
    }
  }

  Device& device_of(std::string_view computer) {
    const auto known = devices.find(computer);
    if (known != devices.end()) {
      return known->second;
    }
    Device device;
    device.ref = context.devices.resolve({computer, {}});
    device.processes = &context.processes.of(device.ref.id);
    return devices.emplace(std::string(computer), std::move(device)).first->second;
  }

  ProcessEvidence evidence(const Role& role);
  void put_block_together(const Mapping& mapping, std::string_view device_id);
  void learn_machine_sid(const Plan& plan, const Record& record, Device& device);
  void add_source_row(const Origin& origin, std::string_view data, bool absurd, Rows& rows);
  bool add_mapped(Origin& origin, Device& device, const Mapping& mapping, Rows& rows);
  void add_timeline_row(const Origin& origin, const Plan& plan, const ProcessView& acting,
                        const ProcessEvidence& said, const ProcessView& subject,
                        std::string_view technique, Rows& rows);
  void add_technique_row(const Origin& origin, const TechniqueTag& tag, std::string_view rule_name,
                         const ProcessView& acting, const ProcessView& subject, Rows& rows);
  void add_coverage_row(const Origin& origin, const Plan& plan, Rows& rows);
  void note_facts(const Origin& origin, const Plan& plan);

  Context& context;
  Evaluator evaluator;
  std::vector<ProcessColumns> process_columns;                                 // by table
  std::unordered_map<std::string, Device, TextHash, std::equal_to<>> devices;  // by computer
  enrich::DeviceFactTable facts;
  TextBlocks blocks;
  std::string whole_text;
  std::string data_json;
};

namespace {

/// The columns that every event table has (schema/includes/origin.yaml), at each table's own
/// ordinals.
template <class Columns>
void write_origin(Batch& batch, const Columns& columns, const auto& origin) {
  batch.set_number(columns.event_id, origin.identity.event_id);
  batch.set_number(columns.ingest_time, origin.ingest_time);
  batch.set_number(columns.retention_class, origin.retention_class);
  batch.set_number(columns.mapping_version, origin.mapping_version);
}

struct OriginColumns {
  std::uint16_t event_id, ingest_time, retention_class, mapping_version;
  std::uint16_t timestamp, device_id, device_name, action_type, report_id;

  explicit OriginColumns(const schema::Table& table) {
    const auto find = [&](std::string_view name) { return table.find(name).value_or(kNone); };
    event_id = find("EventId");
    ingest_time = find("IngestTime");
    retention_class = find("RetentionClass");
    mapping_version = find("MappingVersion");
    timestamp = find("Timestamp");
    device_id = find("DeviceId");
    device_name = find("DeviceName");
    action_type = find("ActionType");
    report_id = find("ReportId");
  }
};

const OriginColumns& origin_columns(TableId table) {
  static const std::vector<OriginColumns> all = [] {
    std::vector<OriginColumns> columns;
    for (const schema::Table& each : schema::tables()) {
      columns.emplace_back(each);
    }
    return columns;
  }();
  return all[static_cast<std::size_t>(table)];
}

/// Starts a row of an event table with what all of them carry.
Batch& begin_row(Rows& rows, TableId table, const auto& origin) {
  Batch& batch = rows[table];
  const OriginColumns& columns = origin_columns(table);
  batch.begin_row();
  batch.set_number(columns.timestamp, origin.record.time);
  batch.set_text(columns.device_id, origin.identity.device_id);
  if (columns.device_name != kNone) {
    batch.set_text(columns.device_name, origin.identity.device_name);
  }
  write_origin(batch, columns, origin);
  return batch;
}

}  // namespace

ProcessEvidence Normalizer::Impl::evidence(const Role& role) {
  ProcessEvidence said;
  if (!role.is_given()) {
    return said;
  }
  said.guid = evaluator.text(role.guid);
  const Cell pid = evaluator.evaluate(role.pid);
  // Windows says 0 where an event has no process; the idle process does nothing that is logged.
  said.pid = pid.kind == Cell::Kind::kNumber && pid.number > 0 ? pid.number : -1;
  said.image = evaluator.text(role.image);
  said.command_line = evaluator.text(role.command_line);
  const std::string_view account = evaluator.text(role.account);
  if (!account.empty()) {
    const auto slash = account.find('\\');
    said.account_domain = slash == std::string_view::npos ? "" : account.substr(0, slash);
    said.account_name = slash == std::string_view::npos ? account : account.substr(slash + 1);
  } else {
    said.account_domain = evaluator.text(role.account_domain);
    said.account_name = evaluator.text(role.account_name);
  }
  said.account_sid = evaluator.text(role.account_sid);
  said.sha1 = evaluator.text(role.sha1);
  said.sha256 = evaluator.text(role.sha256);
  said.md5 = evaluator.text(role.md5);
  said.integrity_level = evaluator.text(role.integrity_level);
  said.token_elevation = evaluator.text(role.token_elevation);
  said.logon_id = evaluator.evaluate(role.logon_id).number;
  return said;
}

void Normalizer::Impl::put_block_together(const Mapping& mapping, std::string_view device_id) {
  const Block& block = mapping.block;
  if (block.text == kNone) {
    return;
  }
  const std::string_view text = evaluator.text(block.text);
  const std::int64_t parts = evaluator.evaluate(block.parts).number;
  if (parts <= 1) {
    evaluator.set_whole(text);
    return;
  }
  if (auto whole = blocks.add(device_id, evaluator.text(block.id),
                              evaluator.evaluate(block.part).number, parts, text)) {
    whole_text = std::move(*whole);
    evaluator.set_whole(whole_text);
  }
}

void Normalizer::Impl::learn_machine_sid(const Plan& plan, const Record& record, Device& device) {
  if (plan.machine_sid == kNone) {
    return;
  }
  const std::string_view sid = enrich::domain_part_of_sid(evaluator.text(plan.machine_sid));
  const std::string_view short_name = record.computer.substr(0, record.computer.find('.'));
  if (sid.empty() || short_name.empty() ||
      !equals_ignoring_case(evaluator.text(plan.machine_domain), short_name) ||
      device.machine_sids.contains(sid)) {
    return;
  }
  device.machine_sids.emplace(sid);
  context.devices.resolve({record.computer, sid});
}

void Normalizer::Impl::add_source_row(const Origin& origin, std::string_view data, bool absurd,
                                      Rows& rows) {
  namespace c = schema::device_source_records;
  const Record& record = origin.record;
  Batch& batch = begin_row(rows, TableId::kDeviceSourceRecords, origin);
  batch.set_text(c::kDeviceName, record.computer);
  batch.set_text(c::kSourceKind, record.source_kind);
  batch.set_text(c::kSourceFile, record.file);
  batch.set_number(c::kSourceOffset, static_cast<std::int64_t>(record.offset));
  batch.set_text(c::kJobId, context.job_id);
  batch.set_text(c::kReportedBy, context.reported_by);
  batch.set_text(c::kChannel, record.channel);
  batch.set_text(c::kProvider, record.provider);
  batch.set_number(c::kSourceEventId, record.event_id);
  batch.set_number(c::kRecordNumber, static_cast<std::int64_t>(record.record_id));
  batch.set_number(c::kEventVersion, record.version);
  batch.set_number(c::kLevel, record.level);
  batch.set_number(c::kTask, record.task);
  batch.set_number(c::kOpcode, record.opcode);
  if (record.keywords != 0) {
    event::KeywordsBuffer keywords;
    batch.set_text(c::kKeywords, event::keywords_text(record.keywords, keywords));
  }
  batch.set_number(c::kExecutionProcessId, record.process_id);
  batch.set_number(c::kExecutionThreadId, record.thread_id);
  batch.set_text(c::kUserSid, record.user_sid);
  batch.set_text(c::kActivityId, record.activity_id);
  batch.set_number(c::kCarved, record.carved ? 1 : 0);
  batch.set_number(c::kTimeIsAbsurd, absurd ? 1 : 0);
  batch.set_text(c::kData, data);
}

void Normalizer::Impl::add_timeline_row(const Origin& origin, const Plan& plan,
                                        const ProcessView& acting, const ProcessEvidence& said,
                                        const ProcessView& subject, std::string_view technique,
                                        Rows& rows) {
  namespace c = schema::device_timeline;
  Batch& batch = begin_row(rows, TableId::kDeviceTimeline, origin);
  if (plan.table >= 0) {
    batch.set_text(c::kTable, schema::tables()[static_cast<std::size_t>(plan.table)].name);
  }
  batch.set_text(c::kActionType, plan.action_type);
  batch.set_text(c::kGroup, plan.group);
  std::string_view domain = said.account_domain;
  std::string_view name = said.account_name;
  std::string_view image = said.image;
  if (acting.details) {
    image = image.empty() ? std::string_view(acting.details->image) : image;
    if (name.empty()) {
      domain = acting.details->account_domain;
      name = acting.details->account_name;
    }
  }
  std::string account(evaluator.text(plan.account));
  if (account.empty() && !name.empty()) {
    account = domain.empty() ? std::string(name) : std::string(domain).append("\\").append(name);
  }
  std::string_view actor = evaluator.text(plan.actor);
  if (actor.empty()) {
    actor = image.empty() ? std::string_view(account) : path_file_name(image);
  }
  batch.set_text(c::kActor, actor);
  batch.set_text(c::kAccount, account);
  batch.set_text(c::kTitle, evaluator.text(plan.title));
  batch.set_text(c::kDetail, evaluator.text(plan.detail));
  if (!technique.empty()) {
    batch.set_strings(c::kTechniques, {&technique, 1});
  }
  batch.set_text(c::kSource, origin.record.channel);
  batch.set_number(c::kProcessKey, subject.key);
  batch.set_number(c::kInitiatingProcessKey, acting.key);
  if (acting.ancestor_count != 0) {
    batch.set_keys(c::kAncestors, acting.ancestors());
  }
}

void Normalizer::Impl::add_technique_row(const Origin& origin, const TechniqueTag& tag,
                                         std::string_view rule_name, const ProcessView& acting,
                                         const ProcessView& subject, Rows& rows) {
  namespace c = schema::device_technique_events;
  Batch& batch = begin_row(rows, TableId::kDeviceTechniqueEvents, origin);
  batch.set_text(c::kTechniqueId, tag.id);
  batch.set_text(c::kTechniqueName, tag.name);
  batch.set_text(c::kDetectionSource, "Sysmon configuration");
  std::string more;
  json::Writer(more).begin_object().key("RuleName").string(rule_name).end_object();
  batch.set_text(c::kAdditionalFields, more);
  batch.set_number(c::kProcessKey, subject.key);
  batch.set_number(c::kInitiatingProcessKey, acting.key);
  if (acting.ancestor_count != 0) {
    batch.set_keys(c::kAncestors, acting.ancestors());
  }
}

void Normalizer::Impl::add_coverage_row(const Origin& origin, const Plan& plan, Rows& rows) {
  namespace c = schema::device_coverage;
  Batch& batch = begin_row(rows, TableId::kDeviceCoverage, origin);
  batch.set_text(c::kKind, plan.coverage_kind);
  batch.set_text(c::kSource, evaluator.text(plan.coverage_source));
  batch.set_text(c::kDetail, evaluator.text(plan.coverage_detail));
}

void Normalizer::Impl::note_facts(const Origin& origin, const Plan& plan) {
  if (plan.local_address != kNone) {
    facts.note_address(origin.identity.device_id, evaluator.text(plan.local_address),
                       origin.record.time);
  }
  if (plan.windows_build != kNone) {
    const Cell build = evaluator.evaluate(plan.windows_build);
    if (build.kind == Cell::Kind::kNumber) {
      facts.note_windows(origin.identity.device_id, evaluator.text(plan.windows_version),
                         build.number, origin.record.time);
    }
  }
  if (plan.logon_account != kNone) {
    const std::string_view domain = evaluator.text(plan.logon_domain);
    if (!is_service_domain(domain)) {
      facts.note_logon(origin.identity.device_id, domain, evaluator.text(plan.logon_account),
                       origin.record.time);
    }
  }
}

bool Normalizer::Impl::add_mapped(Origin& origin, Device& device, const Mapping& mapping,
                                  Rows& rows) {
  const Record& record = origin.record;
  evaluator.bind(record, mapping);
  put_block_together(mapping, origin.identity.device_id);
  const Plan* const plan = evaluator.choose_plan();
  if (plan == nullptr) {
    return false;
  }
  origin.mapping_version = mapping.version;
  learn_machine_sid(*plan, record, device);

  const ProcessEvidence said = evidence(plan->acting);
  const ProcessEvidence about = evidence(plan->process);
  ProcessView subject;
  ProcessView acting;
  switch (plan->effect) {
    case Effect::kNothing:
      break;
    case Effect::kCreated: {
      const Cell stated = evaluator.evaluate(plan->process.start);
      const Ticks start = stated.kind == Cell::Kind::kTime ? stated.number : record.time;
      subject = device.processes->start(about, start, said);
      subject.start = start;
      // At the time of the row, which is what a later correction goes by.
      acting = device.processes->resolve(said, record.time);
      break;
    }
    case Effect::kTargeted:
      subject = device.processes->resolve(about, record.time);
      break;
    case Effect::kEnded:
      subject = device.processes->end(about, record.time);
      break;
  }
  if (acting.key == 0 && plan->acting.is_given()) {
    acting = plan->effect == Effect::kEnded && said.pid == about.pid
                 ? subject
                 : device.processes->resolve(said, record.time);
  }

  if (plan->table >= 0) {
    const auto table = static_cast<TableId>(plan->table);
    const schema::Table& shape = schema::tables()[static_cast<std::size_t>(plan->table)];
    const OriginColumns& common = origin_columns(table);
    Batch& batch = begin_row(rows, table, origin);
    batch.set_text(common.action_type, plan->action_type);
    if (common.report_id != kNone) {
      batch.set_number(common.report_id, static_cast<std::int64_t>(record.record_id));
    }
    const ProcessColumns& columns = process_columns[static_cast<std::size_t>(plan->table)];
    columns.write_subject(batch, subject, plan->effect != Effect::kCreated);
    columns.write_acting(batch, acting, said);
    for (const Assignment& assignment : plan->columns) {
      put(batch, assignment.column, shape.columns[assignment.column],
          evaluator.evaluate(assignment.expression));
    }
  }

  const std::string_view rule_name = evaluator.text(plan->rule_name);
  const auto technique = parse_technique_tag(rule_name);
  if (technique) {
    add_technique_row(origin, *technique, rule_name, acting, subject, rows);
  }
  if (!plan->group.empty()) {
    add_timeline_row(origin, *plan, acting, said, subject,
                     technique ? technique->id : std::string_view(), rows);
  }
  if (!plan->coverage_kind.empty()) {
    add_coverage_row(origin, *plan, rows);
  }
  if (origin.retention_class != kQuarantine) {
    note_facts(origin, *plan);
  }
  return plan->table >= 0;
}

Normalizer::Normalizer(Context& context) : impl_(std::make_unique<Impl>(context)) {}
Normalizer::~Normalizer() = default;

const enrich::DeviceFactTable& Normalizer::device_facts() const { return impl_->facts; }

Identity Normalizer::identify(const Record& record) {
  const Impl::Device& device = impl_->device_of(record.computer);
  return {device.ref.id, device.ref.name, event::event_id(record, device.ref.id)};
}

Added Normalizer::add(const Record& record, const Identity& identity, Rows& rows) {
  impl_->data_json.clear();
  event::append_data_json(impl_->data_json, record.data);
  return add(record, identity, impl_->data_json, rows);
}

Added Normalizer::add(const Record& record, const Identity& identity, std::string_view data_json,
                      Rows& rows) {
  Impl::Device& device = impl_->device_of(record.computer);
  const Ticks now = impl_->context.clock();
  const bool absurd = is_absurd_time(record.time, now);
  Impl::Origin origin{record, identity, now, absurd ? kQuarantine : impl_->context.retention_class,
                      0};

  Added added{identity.event_id, false};
  if (is_hunting_row(record)) {
    added.is_mapped = add_hunting_rows(
        record, {identity, now, origin.retention_class, *device.processes, impl_->process_columns},
        rows);
  } else if (const Mapping* const mapping = Evaluator::find_mapping(record)) {
    added.is_mapped = impl_->add_mapped(origin, device, *mapping, rows);
  }
  impl_->add_source_row(origin, data_json, absurd, rows);
  if (!absurd) {
    impl_->facts.note_record(identity.device_id, identity.device_name, record.time);
  }
  return added;
}

}  // namespace spoor::normalize
