#pragma once

#include "history/history_options.h"
#include "quality/quality_options.h"
#include "records/record_options.h"
#include "sluice/config.h"

namespace sluice::analytics {

/// What stands below `plugins: analytics:`.
struct Options {
  QualityOptions quality;
  RecordOptions records;
  RetentionOptions retention;

  static Schema<Options> schema() {
    return Schema<Options>{"What becomes of rooms: who came, how it sounded, what is kept of it."}
        .option("quality", &Options::quality, "How well media gets through.")
        .option("records", &Options::records, "Who comes and goes, and takes part.")
        .option("retention", &Options::retention, "How long what is kept.");
  }
};

}  // namespace sluice::analytics
