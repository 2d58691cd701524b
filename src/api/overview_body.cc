#include "api/overview_body.h"

#include "api/write_json.h"

namespace spoor::api {
namespace {

void write_coverage(json::Writer& writer,
                    const std::vector<investigate::CoverageSegment>& segments) {
  writer.key("coverage").begin_array();
  for (const auto& segment : segments) {
    writer.begin_object();
    write_time(writer, "from", segment.from);
    write_time_or_null(writer, "to", segment.to);
    writer.key("kind")
        .string(segment.kind)
        .key("source")
        .string(segment.source)
        .key("detail")
        .string(segment.detail);
    write_count_or_null(writer, "lost", segment.lost);
    write_count_or_null(writer, "records", segment.records);
    writer.end_object();
  }
  writer.end_array();
}

void write_marks(json::Writer& writer, const std::vector<investigate::TimelineMark>& marks) {
  writer.key("marks").begin_array();
  for (const auto& mark : marks) {
    writer.begin_object();
    write_time(writer, "time", mark.time);
    write_key(writer, "event_id", mark.event_id);
    writer.key("kind")
        .string(mark.kind)
        .key("value")
        .string(mark.value)
        .key("text")
        .string(mark.text);
    writer.key("alert_id").string(mark.alert_id).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string overview_body(const investigate::TimelineOverview& overview) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_time(writer, "from", overview.from);
  write_time(writer, "to", overview.to);
  writer.key("step").number(overview.step).key("step_name").string(overview.step_name);
  write_texts(writer, "kinds", overview.kinds);
  writer.key("bars").begin_array();
  for (const auto& bar : overview.bars) {
    writer.begin_object();
    write_time(writer, "start", bar.start);
    writer.key("counts").begin_array();
    for (const std::int64_t count : bar.counts) {
      writer.number(count);
    }
    writer.end_array().end_object();
  }
  writer.end_array()
      .key("peak")
      .number(overview.peak)
      .key("square_root")
      .boolean(overview.square_root);
  writer.key("rows").number(overview.rows);
  write_coverage(writer, overview.coverage);
  write_marks(writer, overview.marks);
  writer.key("marks_truncated").boolean(overview.marks_truncated);
  write_time_or_null(writer, "oldest_stored", overview.oldest_stored);
  write_time_or_null(writer, "newest_stored", overview.newest_stored);
  writer.end_object();
  return out;
}

}  // namespace spoor::api
