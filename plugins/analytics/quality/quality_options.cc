#include "quality/quality_options.h"

namespace sluice::analytics {

Schema<QualityOptions> QualityOptions::schema() {
  return Schema<QualityOptions>{"How well media gets through: measured once a second, and told to the rooms."}
      .option("updates", &QualityOptions::updates, "Rooms are told by stats:update.")
      .reloadable()
      .option("update_every_ms", &QualityOptions::update_every_ms, "Least time between two stats:update of a room.",
              range(1'000, 60'000))
      .reloadable()
      .option("keep_s", &QualityOptions::keep_s, "Seconds that are kept in memory, of each participant.",
              range(10, 3'600))
      .reloadable()
      .option("reports_per_minute", &QualityOptions::reports_per_minute,
              "Reports (stats:report) of one participant; more are refused.", range(1, 600))
      .reloadable();
}

}  // namespace sluice::analytics
