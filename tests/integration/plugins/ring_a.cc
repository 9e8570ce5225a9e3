// With ring_b a cycle of required services.
#include "linked_plugin.h"

SLUICE_PLUGIN(sluice::testing::LinkedPlugin, "ring-a", "1.0.0", sluice::provides<sluice::testing::RingA>(),
              sluice::requires_service<sluice::testing::RingB>())
