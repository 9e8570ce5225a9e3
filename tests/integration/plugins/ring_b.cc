#include "linked_plugin.h"

SLUICE_PLUGIN(sluice::testing::LinkedPlugin, "ring-b", "1.0.0", sluice::provides<sluice::testing::RingB>(),
              sluice::requires_service<sluice::testing::RingA>())
