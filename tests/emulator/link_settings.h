#pragma once

#include "sluice/json.h"
#include "tests/simulation/link.h"

namespace sluice::emulator {

/// Changes what `settings` names, and nothing else; tests/emulator/README.md lists the keys. Throws
/// std::invalid_argument, which names the key, for one that there is not, or a value that does not fit: then nothing
/// is changed.
void apply_settings(const json::object& settings, simulation::Link& link);

}  // namespace sluice::emulator
