// Provides a service.
#include "linked_plugin.h"

namespace sluice::testing {

class LampPlugin final : public LinkedPlugin {
  void link(Services& services) override { services.provide(lamp_); }
  Lamp lamp_;
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::LampPlugin, "lamp", "1.2.3", sluice::options<sluice::testing::LinkedOptions>(),
              sluice::provides<sluice::testing::Lamp>())
