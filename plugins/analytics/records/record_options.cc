#include "records/record_options.h"

namespace sluice::analytics {

Schema<RecordOptions> RecordOptions::schema() {
  return Schema<RecordOptions>{"What is written down of who comes, goes and takes part."}
      .option("quietest_speech_dbov", &RecordOptions::quietest_speech_dbov,
              "Talk time: decibels below the loudest sound there can be, down to which sound that the client calls "
              "speech is.",
              range(0, 126))
      .reloadable()
      .option("quietest_plain_dbov", &RecordOptions::quietest_plain_dbov,
              "The same for sound that the client does not call speech: many never say.", range(0, 126))
      .reloadable()
      .option("people", &RecordOptions::people, "Most people of one session that are kept one by one.",
              range(1, 10'000))
      .reloadable()
      .option("events", &RecordOptions::events, "Most entries of one session's timeline.", range(0, 100'000))
      .reloadable()
      .option("gap_minutes", &RecordOptions::gap_minutes,
              "How long a room that is no meeting's may stand empty before its session is over.", range(1, 1'440))
      .reloadable();
}

}  // namespace sluice::analytics
