#include "base/version.h"

namespace spoor {

std::string_view version() { return SPOOR_VERSION; }

}  // namespace spoor
