// Functions of the language that are understood and deliberately not done, with the reason.

#include <array>

#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

struct Refusal {
  std::string_view reason;
  std::vector<std::string_view> names;
};

const std::vector<Refusal>& refusals() {
  static const std::vector<Refusal> all = {
      {"shapes on the globe are not supported; points, distances, geohash and H3 cells are",
       {"geo_closest_point_on_line",
        "geo_closest_point_on_polygon",
        "geo_distance_point_to_line",
        "geo_distance_point_to_polygon",
        "geo_geohash_neighbors",
        "geo_geohash_to_polygon",
        "geo_h3cell_to_polygon",
        "geo_intersection_2lines",
        "geo_intersection_2polygons",
        "geo_intersection_line_with_polygon",
        "geo_intersects_2lines",
        "geo_intersects_2polygons",
        "geo_intersects_line_with_polygon",
        "geo_line_buffer",
        "geo_line_centroid",
        "geo_line_densify",
        "geo_line_interpolate_point",
        "geo_line_locate_point",
        "geo_line_simplify",
        "geo_line_to_s2cells",
        "geo_point_buffer",
        "geo_polygon_area",
        "geo_polygon_buffer",
        "geo_polygon_centroid",
        "geo_polygon_densify",
        "geo_polygon_simplify",
        "geo_polygon_to_h3cells",
        "geo_polygon_to_s2cells",
        "geo_point_to_s2cell",
        "geo_s2cell_to_central_point",
        "geo_s2cell_neighbors",
        "geo_h3cell_rings",
        "geo_s2cell_to_polygon",
        "geo_simplify_polygons_array",
        "geo_union_lines_array",
        "geo_union_polygons_array"}},
      {"decomposition and fitting of series are not supported; use summarize by bin() and compare "
       "the counts",
       {"series_decompose", "series_decompose_anomalies", "series_decompose_forecast", "series_fft",
        "series_fir", "series_fit_2lines", "series_fit_2lines_dynamic", "series_fit_line",
        "series_fit_line_dynamic", "series_fit_poly", "series_ifft", "series_iir",
        "series_outliers", "series_periods_detect", "series_periods_validate", "series_seasonal",
        "series_stats"}},
      {"sketches are not supported; dcount() and percentile() are exact here",
       {"dcount_hll", "hll_merge", "merge_tdigest", "percentile_tdigest",
        "percentiles_array_tdigest", "percentrank_tdigest", "rank_tdigest", "tdigest_merge"}},
      {"the distribution functions are not supported", {"beta_cdf", "beta_inv", "welch_test"}},
      {"compressed texts are not supported",
       {"gzip_compress_to_base64_string", "gzip_decompress_from_base64_string",
        "zlib_compress_to_base64_string", "zlib_decompress_from_base64_string"}},
      {"Punycode is not supported",
       {"punycode_domain_from_string", "punycode_domain_to_string", "punycode_from_string",
        "punycode_to_string"}},
      {"the way Kusto joins hashes is not published; use hash_sha256(strcat(…))",
       {"hash_combine", "hash_many"}},
      {"user agents and XML are not taken apart; use parse or extract()",
       {"parse_user_agent", "parse_xml"}},
      {"there are no clusters, databases, extents or principals here",
       {"cluster", "current_cluster_endpoint", "current_database", "current_principal",
        "current_principal_details", "current_principal_is_member_of", "cursor_after",
        "cursor_before_or_at", "cursor_current", "database", "entity_group", "extent_id",
        "extent_tags", "external_table", "graph", "materialized_view", "stored_query_result"}},
      {"graphs are not supported; use join",
       {"inner_nodes", "labels", "map", "node_degree_in", "node_degree_out", "node_id", "all",
        "any"}},
      {"lists of ranges are not supported; use ipv4_is_in_range()", {"ipv4_range_to_cidr_list"}},
      {"sessions of rows are not supported; use prev() and row_cumsum()", {"row_window_session"}},
      {"not supported",
       {"column_names_of", "datetime_list_timezones", "estimate_data_size", "indexof_regex",
        "row_id", "treepath"}},
  };
  return all;
}

}  // namespace

void add_refusals(Registry& registry) {
  for (const Refusal& refusal : refusals()) {
    for (const std::string_view name : refusal.names) {
      registry.add(FunctionSpec{.name = name,
                                .max_args = kMany,
                                .args = {{"argument", kAnyType, "any"}},
                                .doc = "Not supported",
                                .refused = refusal.reason});
    }
  }
  for (const std::string_view name :
       {"hll", "hll_if", "hll_merge", "tdigest", "tdigest_merge", "merge_tdigest"}) {
    registry.add(AggregateSpec{
        .name = name,
        .max_args = kMany,
        .args = {{"argument", kAnyType, "any"}},
        .doc = "Not supported",
        .refused = "sketches are not supported; dcount() and percentile() are exact here"});
  }
  registry.add(AggregateSpec{.name = "buildschema",
                             .max_args = kMany,
                             .args = {{"argument", kAnyType, "any"}},
                             .doc = "Not supported",
                             .refused = "schemas of bags are not supported; use bag_keys()"});
}

}  // namespace spoor::kql
