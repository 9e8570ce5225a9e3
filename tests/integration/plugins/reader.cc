// Requires the service of lamp.
#include "linked_plugin.h"

namespace sluice::testing {

class ReaderPlugin final : public LinkedPlugin {
  void link(Services& services) override { static_cast<void>(services.require<Lamp>()); }
};

}  // namespace sluice::testing

SLUICE_PLUGIN(sluice::testing::ReaderPlugin, "reader", "1.0.0", sluice::options<sluice::testing::LinkedOptions>(),
              sluice::requires_service<sluice::testing::Lamp>())
