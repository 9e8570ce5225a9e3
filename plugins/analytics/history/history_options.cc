#include "history/history_options.h"

namespace sluice::analytics {

namespace {
constexpr int kMostDays = 36'500;
}

Schema<RetentionOptions> RetentionOptions::schema() {
  return Schema<RetentionOptions>{"How long what is kept; 0: for ever."}
      .option("s10_hours", &RetentionOptions::s10_hours, "Quality of each participant by 10 seconds, in hours.",
              range(0, kMostDays * 24))
      .reloadable()
      .option("m1_days", &RetentionOptions::m1_days, "Quality by the minute, in days.", range(0, kMostDays))
      .reloadable()
      .option("h1_days", &RetentionOptions::h1_days, "Quality by the hour, in days.", range(0, kMostDays))
      .reloadable()
      .option("sessions_days", &RetentionOptions::sessions_days,
              "Sessions with their people and timelines, in days; their quality goes with them.", range(0, kMostDays))
      .reloadable();
}

}  // namespace sluice::analytics
