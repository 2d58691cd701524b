// Points on the globe: distances, geohash, H3 cells, lengths of lines, points in polygons, WKT.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// Mean radius of the earth in metres, as Kusto has it.
constexpr std::string_view kRadius = "6371010.";

Sql real_of(const Value& value) { return cast(value.sql, "Nullable(Float64)"); }

/// Condition: longitude and latitude are on the globe; false for nulls.
Sql on_globe(const Sql& longitude, const Sql& latitude) {
  const auto within = [](const Sql& value, std::string_view bound) {
    return infix("<=", call("abs", {value}), keyword(bound));
  };
  return if_null(infix("AND", within(longitude, "180."), within(latitude, "90.")), boolean(false));
}

/// Angle between two points given in radians, by the haversine form.
Sql arc(const Sql& lon1, const Sql& lat1, const Sql& lon2, const Sql& lat2) {
  const auto half_sine_squared = [](const Sql& x, const Sql& y) {
    const Sql sine = call("sin", {infix("/", infix("-", y, x), keyword("2."))});
    return infix("*", sine, sine);
  };
  const Sql inner = infix("+", half_sine_squared(lat1, lat2),
                          infix("*", std::vector<Sql>{call("cos", {lat1}), call("cos", {lat2}),
                                                      half_sine_squared(lon1, lon2)}));
  return infix("*", keyword("2."),
               call("asin", {call("least", {call("sqrt", {inner}), keyword("1.")})}));
}

Sql rad(const Sql& degrees) { return call("radians", {degrees}); }

/// Metres between two points in degrees.
Sql metres(const Sql& lon1, const Sql& lat1, const Sql& lon2, const Sql& lat2) {
  return infix("*", arc(rad(lon1), rad(lat1), rad(lon2), rad(lat2)), keyword(kRadius));
}

Result<Value> distance(const Call& c) {
  const Sql lon1 = real_of(c[0]), lat1 = real_of(c[1]), lon2 = real_of(c[2]), lat2 = real_of(c[3]);
  return cast_value(Type::kReal,
                    if_(infix("AND", on_globe(lon1, lat1), on_globe(lon2, lat2)),
                        metres(lon1, lat1, lon2, lat2), null()),
                    true);
}

Result<Value> in_circle(const Call& c) {
  const Sql lon = real_of(c[0]), lat = real_of(c[1]), centre_lon = real_of(c[2]),
            centre_lat = real_of(c[3]), radius = real_of(c[4]);
  const Sql valid = and_({on_globe(lon, lat), on_globe(centre_lon, centre_lat),
                          if_null(infix(">=", radius, keyword("0")), boolean(false))});
  return cast_value(
      Type::kBool,
      if_(valid, infix("<=", metres(lon, lat, centre_lon, centre_lat), radius), null()), true);
}

/// Direction of the second point from the first, clockwise from north; null where they are one
/// point.
Sql direction(const Sql& lon1, const Sql& lat1, const Sql& lon2, const Sql& lat2) {
  const Sql across = infix("-", rad(lon2), rad(lon1));
  const Sql y = infix("*", call("sin", {across}), call("cos", {rad(lat2)}));
  const Sql x =
      infix("-", infix("*", call("cos", {rad(lat1)}), call("sin", {rad(lat2)})),
            infix("*", std::vector<Sql>{call("sin", {rad(lat1)}), call("cos", {rad(lat2)}),
                                        call("cos", {across})}));
  const Sql valid = and_(
      {on_globe(lon1, lat1), on_globe(lon2, lat2),
       if_null(infix("OR", infix("!=", lon1, lon2), infix("!=", lat1, lat2)), boolean(false))});
  return if_(valid, call("atan2", {y, x}), null());
}

Result<Value> azimuth(const Call& c) {
  return cast_value(Type::kReal,
                    direction(real_of(c[0]), real_of(c[1]), real_of(c[2]), real_of(c[3])), true);
}

/// Clockwise from the line to the first point to the line to the third, at the second.
Result<Value> angle(const Call& c) {
  const Sql lon = real_of(c[2]), lat = real_of(c[3]);
  const Sql turn = infix("-", direction(lon, lat, real_of(c[4]), real_of(c[5])),
                         direction(lon, lat, real_of(c[0]), real_of(c[1])));
  return cast_value(Type::kReal,
                    once(turn,
                         [](const Sql& radians) {
                           return if_(infix("<", radians, keyword("0")),
                                      infix("+", radians, keyword("2 * pi()")), radians);
                         }),
                    true);
}

/// GeoJSON of one shape in well-known text; '' where it is none.
Sql json_of_shape(const Sql& text) {
  constexpr std::string_view kShape =
      R"(^\s*(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*(\([-+0-9.eE(), ]*\))\s*$)";
  return once(call("extractGroups", {text, quoted(kShape)}), [](const Sql& groups) {
    const Sql type = element(groups, keyword("1"));
    const Sql pairs =
        call("replaceRegexpAll", {element(groups, keyword("2")),
                                  quoted(R"(([-+0-9.eE]+) +([-+0-9.eE]+))"), quoted(R"([\1,\2])")});
    const Sql nested = call("translate", {call("replaceAll", {pairs, quoted(" "), quoted("")}),
                                          quoted("()"), quoted("[]")});
    const Sql points = call(
        "multiIf", {equals(type, quoted("POINT")),
                    call("substring", {nested, keyword("2"),
                                       infix("-", call("length", {nested}), keyword("2"))}),
                    equals(type, quoted("MULTIPOINT")),
                    call("replaceAll", {call("replaceAll", {nested, quoted("[["), quoted("[")}),
                                        quoted("]]"), quoted("]")}),
                    nested});
    const Sql coordinates = if_(equals(type, quoted("MULTIPOINT")),
                                call("concat", {quoted("["), points, quoted("]")}), points);
    const Sql name = call(
        "transform",
        {type,
         keyword("['POINT','LINESTRING','POLYGON','MULTIPOINT','MULTILINESTRING','MULTIPOLYGON']"),
         keyword("['Point','LineString','Polygon','MultiPoint','MultiLineString','MultiPolygon']"),
         quoted("")});
    const Sql json = call("concat", {quoted("{\"type\":\""), name, quoted("\",\"coordinates\":"),
                                     coordinates, quoted("}")});
    return if_(infix("AND", call("notEmpty", {groups}), call("isValidJSON", {json})), json,
               quoted(""));
  });
}

Result<Value> from_wkt(const Call& c) {
  const Sql upper = call("upper", {c[0].sql});
  const Sql members =
      call("arrayMap", {lambda([](const Sql& each) { return json_of_shape(each); }),
                        call("extractAll", {upper, quoted(R"(([A-Z]+\s*\([^A-Z]*\))\s*[,)])")})});
  const Sql collection = call("concat", {quoted("{\"type\":\"GeometryCollection\",\"geometries\":"),
                                         json_of_array(members), quoted("}")});
  return dynamic_value(if_(call("match", {upper, quoted(R"(^\s*GEOMETRYCOLLECTION\s*\(.*\)\s*$)")}),
                           collection, json_of_shape(upper)));
}

Sql point_json(const Sql& longitude, const Sql& latitude) {
  return call("concat",
              {quoted("{\"type\":\"Point\",\"coordinates\":["), call("toJSONString", {longitude}),
               quoted(","), call("toJSONString", {latitude}), quoted("]}")});
}

Result<Value> geohash(const Call& c) {
  const Sql lon = real_of(c[0]), lat = real_of(c[1]);
  const Sql digits =
      c.size() > 2 ? cast(c[2].sql, "Nullable(Int64)") : cast(keyword("5"), "Nullable(Int64)");
  const Sql valid = infix(
      "AND", on_globe(lon, lat),
      if_null(infix("AND", infix(">=", digits, keyword("1")), infix("<=", digits, keyword("18"))),
              boolean(false)));
  const Sql text =
      call("geohashEncode",
           {if_(valid, if_null(lon, keyword("0.")), keyword("0.")),
            if_(valid, if_null(lat, keyword("0.")), keyword("0.")),
            call("toUInt8", {if_(valid, if_null(digits, keyword("1")), keyword("1"))})});
  return string_value(if_(valid, text, quoted("")));
}

Result<Value> geohash_centre(const Call& c) {
  const Sql valid = call("match", {c[0].sql, quoted("^[0-9b-hjkmnp-zB-HJKMNP-Z]{1,18}$")});
  return dynamic_value(
      once(call("geohashDecode", {call("lower", {c[0].sql})}), [&](const Sql& point) {
        return if_(valid, point_json(member(point, 1), member(point, 2)), quoted(""));
      }));
}

/// Some cell, for where the engine would refuse to look at none.
constexpr std::string_view kAnyCell = "577199624117288959";

/// 0 where the text names no H3 cell.
Sql h3_of(const Sql& text) {
  const Sql shaped = call("match", {text, quoted("^[0-9a-fA-F]{15,16}$")});
  const Sql number = call("stringToH3", {if_(shaped, text, quoted("8001fffffffffff"))});
  return if_(infix("AND", shaped, call("h3IsValid", {number})), number, keyword("toUInt64(0)"));
}

Sql resolution(const Sql& cell) {
  return call("h3GetResolution", {if_(equals(cell, keyword("0")), keyword(kAnyCell), cell)});
}

Result<Value> h3_cell(const Call& c) {
  const Sql lon = real_of(c[0]), lat = real_of(c[1]);
  const Sql level =
      c.size() > 2 ? cast(c[2].sql, "Nullable(Int64)") : cast(keyword("6"), "Nullable(Int64)");
  const Sql valid = infix(
      "AND", on_globe(lon, lat),
      if_null(infix("AND", infix(">=", level, keyword("0")), infix("<=", level, keyword("15"))),
              boolean(false)));
  const Sql cell =
      call("geoToH3", {if_(valid, if_null(lat, keyword("0.")), keyword("0.")),
                       if_(valid, if_null(lon, keyword("0.")), keyword("0.")),
                       call("toUInt8", {if_(valid, if_null(level, keyword("0")), keyword("0"))})});
  return string_value(if_(valid, call("h3ToString", {cell}), quoted("")));
}

Result<Value> h3_level(const Call& c) {
  return cast_value(Type::kInt,
                    once(h3_of(c[0].sql),
                         [](const Sql& cell) {
                           return if_(equals(cell, keyword("0")), null(), resolution(cell));
                         }),
                    true);
}

Result<Value> h3_parent(const Call& c) {
  return string_value(once(h3_of(c[0].sql), [&](const Sql& cell) {
    const Sql level = call("toInt64", {resolution(cell)});
    const Sql wanted = c.size() > 1 ? if_null(cast(c[1].sql, "Nullable(Int64)"), int64(-1))
                                    : infix("-", level, int64(1));
    const Sql valid = and_({infix("!=", cell, keyword("0")), infix(">=", wanted, int64(0)),
                            infix("<=", wanted, level)});
    return if_(
        valid,
        call("h3ToString", {call("h3ToParent", {if_(valid, cell, keyword(kAnyCell)),
                                                call("toUInt8", {if_(valid, wanted, int64(0))})})}),
        quoted(""));
  }));
}

Result<Value> h3_children(const Call& c) {
  return dynamic_value(once(h3_of(c[0].sql), [&](const Sql& cell) {
    const Sql level = call("toInt64", {resolution(cell)});
    const Sql wanted = c.size() > 1 ? if_null(cast(c[1].sql, "Nullable(Int64)"), int64(-1))
                                    : infix("+", level, int64(1));
    // Past five levels there are more cells than anybody wants.
    const Sql valid =
        and_({infix("!=", cell, keyword("0")), infix(">", wanted, level),
              infix("<=", wanted, call("least", {int64(15), infix("+", level, int64(5))}))});
    const Sql cells = call("h3ToChildren", {if_(valid, cell, keyword(kAnyCell)),
                                            call("toUInt8", {if_(valid, wanted, int64(1))})});
    const Sql texts = call(
        "arrayMap",
        {lambda([](const Sql& each) { return call("toJSONString", {call("h3ToString", {each})}); }),
         cells});
    return if_(valid, json_of_array(texts), quoted(""));
  }));
}

Result<Value> h3_neighbours(const Call& c) {
  return dynamic_value(once(h3_of(c[0].sql), [](const Sql& cell) {
    const Sql safe = if_(equals(cell, keyword("0")), keyword(kAnyCell), cell);
    const Sql others =
        call("arrayFilter", {lambda([&](const Sql& each) { return infix("!=", each, cell); }),
                             call("h3kRing", {safe, keyword("1")})});
    const Sql texts = call(
        "arrayMap",
        {lambda([](const Sql& each) { return call("toJSONString", {call("h3ToString", {each})}); }),
         others});
    return if_(equals(cell, keyword("0")), quoted(""), json_of_array(texts));
  }));
}

Result<Value> h3_centre(const Call& c) {
  return dynamic_value(once(h3_of(c[0].sql), [](const Sql& cell) {
    const Sql safe = if_(equals(cell, keyword("0")), keyword(kAnyCell), cell);
    return once(call("h3ToGeo", {safe}), [&](const Sql& point) {
      return if_(equals(cell, keyword("0")), quoted(""),
                 point_json(member(point, 2), member(point, 1)));
    });
  }));
}

constexpr std::string_view kPoints = "Array(Tuple(Float64, Float64))";

Sql all_on_globe(const Sql& points) {
  return call(
      "arrayAll",
      {lambda([](const Sql& point) { return on_globe(member(point, 1), member(point, 2)); }),
       points});
}

/// Sum of the distances between neighbours of an array of points.
Sql path_length(const Sql& points) {
  const Sql step = lambda(2, [](std::span<const Sql> p) {
    return metres(member(p[0], 1), member(p[0], 2), member(p[1], 1), member(p[1], 2));
  });
  return call("arraySum", {step, call("arrayPopBack", {points}), call("arrayPopFront", {points})});
}

/// Lines (LineString, MultiLineString) or rings (Polygon, MultiPolygon) of a shape as arrays of
/// points.
Sql paths_of(const Sql& json, bool polygons) {
  const auto read = [&](std::string_view type) {
    return call("JSONExtract", {json, quoted("coordinates"), quoted(type)});
  };
  const std::string points(kPoints);
  const Sql type = call("JSONExtractString", {json, quoted("type")});
  const Sql none = cast(array({}), "Array(" + points + ")");
  if (polygons) {
    return call("multiIf", {equals(type, quoted("Polygon")), read("Array(" + points + ")"),
                            equals(type, quoted("MultiPolygon")),
                            call("arrayReduce",
                                 {quoted("groupArrayArray"), read("Array(Array(" + points + "))")}),
                            none});
  }
  return call("multiIf",
              {equals(type, quoted("LineString")), array({read(points)}),
               equals(type, quoted("MultiLineString")), read("Array(" + points + ")"), none});
}

/// Length of the lines, or of the edges of the rings; null where the shape is not a valid one.
Result<Value> shape_length(const Call& c, bool polygons) {
  return cast_value(
      Type::kReal,
      once(paths_of(dynamic_of(c[0]), polygons),
           [&](const Sql& paths) {
             const Sql whole = lambda([&](const Sql& points) {
               const Sql distinct = infix(">=", call("length", {call("arrayDistinct", {points})}),
                                          keyword(polygons ? "3" : "2"));
               return infix("AND", distinct, all_on_globe(points));
             });
             const Sql total =
                 call("arraySum",
                      {lambda([](const Sql& points) { return path_length(points); }), paths});
             return if_(infix("AND", call("notEmpty", {paths}), call("arrayAll", {whole, paths})),
                        total, null());
           }),
      true);
}

/// In one polygon of the shape and in none of its holes, with straight edges on the map.
Result<Value> in_polygon(const Call& c) {
  const Sql lon = real_of(c[0]), lat = real_of(c[1]);
  return cast_value(
      Type::kBool,
      once(
          dynamic_of(c[2]),
          [&](const Sql& json) {
            const Sql type = call("JSONExtractString", {json, quoted("type")});
            const std::string rings = "Array(" + std::string(kPoints) + ")";
            const Sql polygons = call(
                "multiIf",
                {equals(type, quoted("Polygon")),
                 array({call("JSONExtract", {json, quoted("coordinates"), quoted(rings)})}),
                 equals(type, quoted("MultiPolygon")),
                 call("JSONExtract", {json, quoted("coordinates"), quoted("Array(" + rings + ")")}),
                 cast(array({}), "Array(" + rings + ")")});
            return once(polygons, [&](const Sql& all) {
              const Sql x = if_null(lon, keyword("0.")), y = if_null(lat, keyword("0."));
              // Crossings of a ray to the east, over all rings of a polygon: holes turn the parity
              // back.
              const auto crossings = [&](const Sql& points) {
                const Sql crosses = lambda(2, [&](std::span<const Sql> p) {
                  const Sql ax = member(p[0], 1), ay = member(p[0], 2), bx = member(p[1], 1),
                            by = member(p[1], 2);
                  const Sql straddles = infix("!=", infix(">", ay, y), infix(">", by, y));
                  const Sql edge =
                      infix("+",
                            infix("/", infix("*", infix("-", bx, ax), infix("-", y, ay)),
                                  infix("-", by, ay)),
                            ax);
                  return infix("AND", straddles, infix("<", x, edge));
                });
                return call("arrayCount", {crosses, call("arrayPopBack", {points}),
                                           call("arrayPopFront", {points})});
              };
              const Sql inside = lambda([&](const Sql& polygon) {
                const Sql count =
                    call("arraySum",
                         {lambda([&](const Sql& points) { return crossings(points); }), polygon});
                return equals(infix("%", count, keyword("2")), keyword("1"));
              });
              const Sql whole = lambda([&](const Sql& polygon) {
                return call("arrayAll",
                            {lambda([&](const Sql& points) {
                               return infix(
                                   "AND",
                                   infix(">=", call("length", {call("arrayDistinct", {points})}),
                                         keyword("3")),
                                   all_on_globe(points));
                             }),
                             polygon});
              });
              const Sql valid = and_(
                  {on_globe(lon, lat), call("notEmpty", {all}), call("arrayAll", {whole, all})});
              return if_(valid, infix(">", call("arrayCount", {inside, all}), keyword("0")),
                         null());
            });
          }),
      true);
}

}  // namespace

void add_geo(Registry& registry) {
  const ArgSpec lon{"longitude", kNumbers, "degrees, -180 to 180"};
  const ArgSpec lat{"latitude", kNumbers, "degrees, -90 to 90"};
  const ArgSpec level{"level", kIntegers, "size of the cell"};
  const ArgSpec cell{"cell", kStrings, "a cell"};
  const auto add = [&](std::string_view name, std::uint16_t least, std::vector<ArgSpec> args,
                       std::string_view doc, std::string_view example,
                       std::function<Result<Value>(const Call&)> emit,
                       std::string_view difference = {}) {
    const auto most = static_cast<std::uint16_t>(args.size());
    registry.add(FunctionSpec{.name = name,
                              .min_args = least,
                              .max_args = most,
                              .args = std::move(args),
                              .doc = doc,
                              .example = example,
                              .difference = difference,
                              .emit = std::move(emit)});
  };
  add("geo_distance_2points", 4, {lon, lat, lon, lat},
      "Metres between two points; null where one is not on the globe",
      "print round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056))", distance,
      "the earth is a sphere, never a spheroid");
  add("geo_point_in_circle", 5, {lon, lat, lon, lat, {"radius", kNumbers, "metres"}},
      "Whether a point lies in a circle",
      "print geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500)", in_circle);
  add("geo_azimuth", 4, {lon, lat, lon, lat},
      "Direction of a second point from a first one in radians, clockwise from north",
      "print round(geo_azimuth(5, 10, 10, -40), 6)", azimuth);
  add("geo_angle", 6, {lon, lat, lon, lat, lon, lat},
      "Clockwise angle in radians at the second of three points, from the first to the third",
      "print round(geo_angle(0, 10, 0, 5, 3, -10), 6)", angle);
  add("geo_from_wkt", 1, {{"wkt", kStrings, "well-known text"}},
      "GeoJSON of a shape in well-known text; null where it is none",
      "print geo_from_wkt('POINT (1 2)')", from_wkt, "only points with two coordinates");
  add("geo_point_to_geohash", 2, {lon, lat, {"accuracy", kIntegers, "digits, 1 to 18, else 5"}},
      "The geohash of a point; empty where it is not on the globe",
      "print geo_point_to_geohash(-80.195829, 25.802215, 8)", geohash);
  add("geo_geohash_to_central_point", 1, {{"geohash", kStrings, "a geohash"}},
      "The middle of a geohash, as a GeoJSON point", "print geo_geohash_to_central_point('sunny')",
      geohash_centre);
  add("geo_point_to_h3cell", 2, {lon, lat, level},
      "The H3 cell that a point lies in, of level 6 if none is given",
      "print geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)", h3_cell);
  add("geo_h3cell_level", 1, {cell}, "The level of an H3 cell; null where the text is none",
      "print geo_h3cell_level('862a1072fffffff')", h3_level);
  add("geo_h3cell_parent", 1, {cell, level}, "The H3 cell of a lower level that holds another one",
      "print geo_h3cell_parent('862a1072fffffff')", h3_parent);
  add("geo_h3cell_children", 1, {cell, level}, "The H3 cells of a higher level inside another one",
      "print array_length(geo_h3cell_children('862a1072fffffff'))", h3_children,
      "at most five levels down");
  add("geo_h3cell_neighbors", 1, {cell}, "The H3 cells around another one",
      "print array_length(geo_h3cell_neighbors('862a1072fffffff'))", h3_neighbours);
  add("geo_h3cell_to_central_point", 1, {cell}, "The middle of an H3 cell, as a GeoJSON point",
      "print isnotnull(geo_h3cell_to_central_point('862a1072fffffff'))", h3_centre);
  add("geo_line_length", 1, {{"line", kDynamics, "a GeoJSON LineString or MultiLineString"}},
      "Metres along a line; null where it is not a valid one",
      "print round(geo_line_length(dynamic({'type':'LineString','coordinates':[[0,0],[0,1]]})))",
      [](const Call& c) { return shape_length(c, false); });
  add(
      "geo_polygon_perimeter", 1, {{"polygon", kDynamics, "a GeoJSON Polygon or MultiPolygon"}},
      "Metres around a polygon; null where it is not a valid one",
      "print "
      "round(geo_polygon_perimeter(dynamic({'type':'Polygon','coordinates':[[[0,0],[0,1],[1,1],[0,"
      "0]]]})))",
      [](const Call& c) { return shape_length(c, true); },
      "overlapping polygons are not joined before");
  add("geo_point_in_polygon", 3,
      {lon, lat, {"polygon", kDynamics, "a GeoJSON Polygon or MultiPolygon"}},
      "Whether a point lies in a polygon",
      "print geo_point_in_polygon(0.5, 0.2, "
      "dynamic({'type':'Polygon','coordinates':[[[0,0],[1,0],[1,1],[0,0]]]}))",
      in_polygon, "edges are straight on the map, not on the globe");
}

}  // namespace spoor::kql
