// convert_length, convert_mass and their kin; assert.

#include <optional>
#include <span>

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// A unit: `factor` of the base unit of its kind, after `offset` of its own (temperatures).
struct Unit {
  std::string_view name;
  double factor;
  double offset = 0;
};

struct Kind {
  std::string_view function;
  std::string_view doc;
  std::string_view example;
  std::vector<Unit> units;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"convert_angle",
       "An angle in another unit",
       "print round(convert_angle(180.0, 'Degree', 'Radian'), 5)",
       {{"Degree", 1},
        {"Radian", 57.295779513082323},
        {"Gradian", 0.9},
        {"Revolution", 360},
        {"Arcminute", 1.0 / 60},
        {"Arcsecond", 1.0 / 3600},
        {"Milliradian", 0.057295779513082323},
        {"Microradian", 5.7295779513082323e-5},
        {"Centiradian", 0.57295779513082323},
        {"Deciradian", 5.7295779513082323},
        {"Microdegree", 1e-6},
        {"Millidegree", 1e-3},
        {"Nanodegree", 1e-9},
        {"Nanoradian", 5.7295779513082323e-8}}},
      {"convert_energy",
       "An amount of energy in another unit",
       "print convert_energy(1.0, 'Kilojoule', 'Joule')",
       {{"Joule", 1},
        {"Kilojoule", 1e3},
        {"Megajoule", 1e6},
        {"Gigajoule", 1e9},
        {"Terajoule", 1e12},
        {"Millijoule", 1e-3},
        {"Calorie", 4.184},
        {"Kilocalorie", 4184},
        {"Megacalorie", 4.184e6},
        {"WattHour", 3600},
        {"KilowattHour", 3.6e6},
        {"MegawattHour", 3.6e9},
        {"GigawattHour", 3.6e12},
        {"TerawattHour", 3.6e15},
        {"ElectronVolt", 1.602176565e-19},
        {"KiloelectronVolt", 1.602176565e-16},
        {"MegaelectronVolt", 1.602176565e-13},
        {"Erg", 1e-7},
        {"FootPound", 1.3558179483314004},
        {"BritishThermalUnit", 1055.05585262}}},
      {"convert_force",
       "A force in another unit",
       "print convert_force(1.0, 'Kilonewton', 'Newton')",
       {{"Newton", 1},
        {"Decanewton", 10},
        {"Kilonewton", 1e3},
        {"Meganewton", 1e6},
        {"Millinewton", 1e-3},
        {"Micronewton", 1e-6},
        {"Dyn", 1e-5},
        {"KilogramForce", 9.80665},
        {"KiloPond", 9.80665},
        {"TonneForce", 9806.65},
        {"OunceForce", 0.27801385095378125},
        {"Poundal", 0.138254954376},
        {"PoundForce", 4.4482216152605},
        {"KilopoundForce", 4448.2216152605},
        {"ShortTonForce", 8896.443230521}}},
      {"convert_length",
       "A length in another unit",
       "print convert_length(1.2, 'Foot', 'Inch')",
       {{"Meter", 1},
        {"Kilometer", 1e3},
        {"Hectometer", 100},
        {"Decameter", 10},
        {"Decimeter", 0.1},
        {"Centimeter", 0.01},
        {"Millimeter", 1e-3},
        {"Micrometer", 1e-6},
        {"Nanometer", 1e-9},
        {"Angstrom", 1e-10},
        {"Inch", 0.0254},
        {"Foot", 0.3048},
        {"Yard", 0.9144},
        {"Mile", 1609.344},
        {"NauticalMile", 1852},
        {"Fathom", 1.8288},
        {"Chain", 20.1168},
        {"Hand", 0.1016},
        {"Shackle", 27.432},
        {"Mil", 2.54e-5},
        {"Microinch", 2.54e-8},
        {"Twip", 1.7638888888888888e-5},
        {"AstronomicalUnit", 1.495978707e11},
        {"LightYear", 9.46073047258e15},
        {"Parsec", 3.08567758128e16},
        {"SolarRadius", 6.95510e8},
        {"UsSurveyFoot", 1200.0 / 3937}}},
      {"convert_mass",
       "A mass in another unit",
       "print round(convert_mass(1.2, 'Kilogram', 'Pound'), 6)",
       {{"Kilogram", 1},
        {"Gram", 1e-3},
        {"Hectogram", 0.1},
        {"Decagram", 0.01},
        {"Decigram", 1e-4},
        {"Centigram", 1e-5},
        {"Milligram", 1e-6},
        {"Microgram", 1e-9},
        {"Nanogram", 1e-12},
        {"Tonne", 1e3},
        {"Kilotonne", 1e6},
        {"Megatonne", 1e9},
        {"Pound", 0.45359237},
        {"Kilopound", 453.59237},
        {"Megapound", 453592.37},
        {"Ounce", 0.028349523125},
        {"Stone", 6.35029318},
        {"Grain", 6.479891e-5},
        {"Slug", 14.593902937206364},
        {"ShortTon", 907.18474},
        {"LongTon", 1016.0469088},
        {"ShortHundredweight", 45.359237},
        {"LongHundredweight", 50.80234544},
        {"EarthMass", 5.9722e24},
        {"SolarMass", 1.98947e30}}},
      {"convert_speed",
       "A speed in another unit",
       "print round(convert_speed(1.2, 'MeterPerSecond', 'KilometerPerHour'), 6)",
       {{"MeterPerSecond", 1},
        {"MeterPerMinute", 1.0 / 60},
        {"MeterPerHour", 1.0 / 3600},
        {"KilometerPerSecond", 1e3},
        {"KilometerPerMinute", 1e3 / 60},
        {"KilometerPerHour", 1 / 3.6},
        {"CentimeterPerSecond", 0.01},
        {"CentimeterPerMinute", 0.01 / 60},
        {"CentimeterPerHour", 0.01 / 3600},
        {"MillimeterPerSecond", 1e-3},
        {"MicrometerPerSecond", 1e-6},
        {"FootPerSecond", 0.3048},
        {"FootPerMinute", 0.3048 / 60},
        {"FootPerHour", 0.3048 / 3600},
        {"InchPerSecond", 0.0254},
        {"InchPerMinute", 0.0254 / 60},
        {"InchPerHour", 0.0254 / 3600},
        {"YardPerSecond", 0.9144},
        {"YardPerMinute", 0.9144 / 60},
        {"YardPerHour", 0.9144 / 3600},
        {"MilePerHour", 0.44704},
        {"Knot", 1852.0 / 3600},
        {"Mach", 340.29}}},
      {"convert_temperature",
       "A temperature in another unit",
       "print round(convert_temperature(1.2, 'Kelvin', 'DegreeCelsius'), 2)",
       {{"Kelvin", 1},
        {"DegreeCelsius", 1, 273.15},
        {"DegreeFahrenheit", 5.0 / 9, 459.67},
        {"DegreeRankine", 5.0 / 9},
        {"DegreeReaumur", 1.25, 218.52},
        {"MillidegreeCelsius", 1e-3, 273150}}},
      {"convert_volume",
       "A volume in another unit",
       "print convert_volume(1.2, 'CubicMeter', 'Liter')",
       {{"CubicMeter", 1},
        {"CubicKilometer", 1e9},
        {"CubicHectometer", 1e6},
        {"CubicDecimeter", 1e-3},
        {"CubicCentimeter", 1e-6},
        {"CubicMillimeter", 1e-9},
        {"CubicMicrometer", 1e-18},
        {"CubicInch", 1.6387064e-5},
        {"CubicFoot", 0.028316846592},
        {"CubicYard", 0.764554857984},
        {"CubicMile", 4168181825.440579584},
        {"Liter", 1e-3},
        {"Hectoliter", 0.1},
        {"Decaliter", 0.01},
        {"Deciliter", 1e-4},
        {"Centiliter", 1e-5},
        {"Milliliter", 1e-6},
        {"Microliter", 1e-9},
        {"Kiloliter", 1},
        {"Megaliter", 1e3},
        {"UsGallon", 0.003785411784},
        {"ImperialGallon", 0.00454609},
        {"UsOunce", 2.95735295625e-5},
        {"ImperialOunce", 2.84130625e-5},
        {"UsPint", 4.73176473e-4},
        {"UsQuart", 9.46352946e-4},
        {"OilBarrel", 0.158987294928},
        {"UsTablespoon", 1.478676478125e-5},
        {"UsTeaspoon", 4.92892159375e-6},
        {"AcreFoot", 1233.48183754752}}},
  };
  return all;
}

const Unit* find(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) {
      return &unit;
    }
  }
  return nullptr;
}

/// Through the base unit: (value + offset) * factor, and back.
Result<Value> convert(const Call& c, const Kind& kind) {
  const Unit* units[2] = {};
  for (std::size_t i = 1; i <= 2; ++i) {
    const std::string* name = c[i].text();
    if (name == nullptr) {
      return fail(c.unsupported(i, "the unit must be a constant"));
    }
    units[i - 1] = find(kind.units, *name);
    if (units[i - 1] == nullptr) {
      return fail(c.unsupported(
          i, "'" + *name + "' is no unit that " + std::string(kind.function) + "() knows"));
    }
  }
  const Sql base = infix("+", c[0].sql, param_real(units[0]->offset));
  const Sql scaled = infix("*", base, param_real(units[0]->factor / units[1]->factor));
  return cast_value(Type::kReal, infix("-", scaled, param_real(units[1]->offset)), c[0].nullable);
}

}  // namespace

void add_unit_conversions(Registry& registry) {
  for (const Kind& kind : kinds()) {
    registry.add(FunctionSpec{
        .name = kind.function,
        .min_args = 3,
        .max_args = 3,
        .args = {{"value", kReals, "the number"},
                 {"from", kStrings, "its unit", true},
                 {"to", kStrings, "the unit wanted", true}},
        .doc = kind.doc,
        .example = kind.example,
        .difference = "unknown units are errors, not null, and rare ones are not known",
        .emit = [&kind](const Call& c) { return convert(c, kind); },
    });
  }
  registry.add(FunctionSpec{
      .name = "assert",
      .min_args = 2,
      .max_args = 2,
      .args = {{"predicate", kBools, "what must hold"},
               {"message", kStrings, "said where it does not", true}},
      .doc = "True; where the predicate does not hold, the query ends with the message",
      .example = "print assert(1 < 2, 'numbers are out of order')",
      .emit = [](const Call& c) -> Result<Value> {
        const std::string* message = c[1].text();
        const bool* known = c[0].constant ? std::get_if<bool>(&*c[0].constant) : nullptr;
        if (known != nullptr && !*known && message != nullptr) {
          return fail(c.error(0, *message));
        }
        const Sql failed = not_(if_null(c[0].sql, boolean(false)));
        return cast_value(Type::kBool, equals(call("throwIf", {failed, c[1].sql}), keyword("0")),
                          false);
      },
  });
}

}  // namespace spoor::kql
