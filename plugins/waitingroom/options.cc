#include "options.h"

namespace sluice::waitingroom {

Schema<Options> Options::schema() {
  return Schema<Options>{"Holds who wants to join a room until a moderator admits them."}
      .option("default", &Options::by_default, "Whether people wait where the room's own policy does not say.")
      .reloadable()
      .option(
          "host_absent", &Options::host_absent,
          "What becomes of them while no moderator is in the room: they wait, are admitted (never where a host must "
          "approve), or are denied. For a room that is expected and not there yet they wait, unless this says deny.")
      .reloadable()
      .option("wait_limit_ms", &Options::wait_limit_ms, "Who has waited so long is denied; 0: no limit.",
              range(0, 86'400'000))
      .reloadable()
      .option("max_waiting", &Options::max_waiting, "Most who wait for one room; one more is refused.",
              range(1, 10'000))
      .reloadable()
      .option("max_waiting_total", &Options::max_waiting_total, "The same of all rooms.", range(1, 100'000))
      .reloadable()
      .option("update_ms", &Options::update_ms, "How long changes gather before they are told.", range(10, 60'000))
      .reloadable()
      .option(
          "updates_per_second", &Options::updates_per_second,
          "Most positions that are told before one room in a second, on average; in a long queue each hears of its own "
          "less often.",
          range(1, 100'000))
      .reloadable()
      .option("list_page", &Options::list_page,
              "Most who stand in one list for moderators; `waitingroom:list` has the rest.", range(1, 1'000))
      .reloadable();
}

}  // namespace sluice::waitingroom
