#include "storeworker/engine_config.h"

namespace spoor::storeworker {
namespace {

std::string xml_text(const std::string& text) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += byte;
    }
  }
  return out;
}

}  // namespace

std::string server_xml(const EngineConfig& config) {
  constexpr std::uint64_t kMarkCache = 256ULL << 20;
  std::string xml = "<clickhouse>\n";
  const auto add = [&xml](const char* name, const std::string& value) {
    xml += std::string("  <") + name + ">" + xml_text(value) + "</" + name + ">\n";
  };
  if (config.max_memory != 0) {
    add("max_server_memory_usage", std::to_string(config.max_memory));
  }
  add("background_pool_size", "2");
  // A rewrite of many parts is given to the pool a few at a time. The engine's own pause between
  // them, up to a second by chance, is most of what the rewrite takes where parts are small.
  add("background_processing_pool_thread_sleep_seconds_if_nothing_to_do", "0.01");
  add("background_processing_pool_task_sleep_seconds_when_no_work_random_part", "0");
  add("mark_cache_size", std::to_string(kMarkCache));
  add("index_mark_cache_size", std::to_string(kMarkCache));
  add("tmp_path", config.folder + "/tmp/");
  add("users_config", config.users_file);
  xml +=
      "  <merge_tree>\n"
      "    <fsync_after_insert>1</fsync_after_insert>\n"
      "    <fsync_part_directory>1</fsync_part_directory>\n"
      "  </merge_tree>\n"
      "</clickhouse>\n";
  return xml;
}

std::string users_xml() {
  return R"xml(<clickhouse>
  <profiles>
    <default>
      <async_insert>0</async_insert>
      <allow_introspection_functions>0</allow_introspection_functions>
      <http_max_tries>1</http_max_tries>
      <max_query_size>4194304</max_query_size>
      <max_parser_depth>5000</max_parser_depth>
      <max_ast_depth>5000</max_ast_depth>
      <max_ast_elements>200000</max_ast_elements>
      <max_partitions_per_insert_block>100</max_partitions_per_insert_block>
    </default>
  </profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password/>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SELECT, INSERT, CREATE DATABASE, CREATE TABLE, DROP TABLE, DROP DATABASE, ALTER, TRUNCATE, OPTIMIZE, SHOW, KILL QUERY ON *.*</query>
        <query>GRANT TABLE ENGINE ON Join</query>
        <query>GRANT TABLE ENGINE ON MergeTree</query>
        <query>GRANT TABLE ENGINE ON ReplacingMergeTree</query>
      </grants>
    </default>
  </users>
</clickhouse>
)xml";
}

}  // namespace spoor::storeworker
