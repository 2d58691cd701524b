#pragma once
// Expressions every family needs: texts of values, JSON of values, ticks, safe arithmetic.

#include "kql/bind/value.h"

namespace spoor::kql {

/// tostring(value): text by the value's type, '' for null.
Sql text_of(const Value& value);
/// The same for a bare dynamic text: what S() is in the notes, strings without their quotes.
Sql dynamic_text(Sql json);
/// JSON text of any value, 'null' for null (for bags and arrays that are built).
Sql json_of(const Value& value);
/// A dynamic as one JSON text ('' for null), whatever its form.
Sql dynamic_of(const Value& value);
/// A dynamic as Array(String) of the JSON texts of its elements ([] where it is no array).
Sql array_of(const Value& value);
/// Array(String) of element texts as one JSON text.
Sql json_of_array(Sql elements);
/// Condition: the dynamic text is null ('' or 'null').
Sql dynamic_is_null(Sql json);

/// Ticks since 1970 of a DateTime64(7): Int64.
Sql ticks_of(Sql datetime);
/// DateTime64(7,'UTC') of ticks known to be in range.
Sql datetime_of(Sql ticks);
/// The same, NULL out of 0001 … 9999.
Sql checked_datetime_of(Sql ticks);
/// Kusto's text of Int64 ticks as a timespan, and of a datetime.
Sql timespan_text(Sql ticks);
Sql datetime_text(Sql datetime);

/// positiveModulo with both sides Int64; the divisor is not 0.
Sql positive_modulo(Sql value, Sql divisor);
/// Ticks from year 1 to 1970 and ticks of a day, as Int64.
Sql year_one_ticks();
Sql day_ticks();
/// NaN of one bit pattern for every NaN.
Sql one_nan(Sql real);

}  // namespace spoor::kql
