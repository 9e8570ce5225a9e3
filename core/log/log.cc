#include "core/log/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <ctime>
#include <mutex>

#include "core/log/log_line.h"

namespace sluice {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::trace:
      return spdlog::level::trace;
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

std::shared_ptr<spdlog::logger> make_logger(const LogOptions& options) {
  spdlog::sink_ptr sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, options.rotate_bytes,
                                                                  options.rotated_files);
  }
  auto logger = std::make_shared<spdlog::logger>("sluice", std::move(sink));
  logger->set_level(spdlog::level::trace);  // components decide
  logger->flush_on(spdlog::level::info);
  // The JSON line holds its own time; the readable one gets it here.
  logger->set_pattern(options.format == LogFormat::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                      spdlog::pattern_time_type::utc);
  return logger;
}

std::string rfc3339_now() {
  // The time of a log line is taken where it is written, like spdlog's own.
  const auto now = spdlog::log_clock::now();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  std::string fraction = std::to_string(milliseconds % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::string{text, length} + "." + fraction + "Z";
}

class ComponentLog final : public Log {
 public:
  ComponentLog(std::string name, LogFormat format, LogLevel level, std::shared_ptr<spdlog::logger> logger)
      : name_{std::move(name)}, format_{format}, level_{level}, logger_{std::move(logger)} {}

  void set_level(LogLevel level) noexcept { level_ = level; }

  bool enabled(LogLevel level) const noexcept override { return level >= level_.load(std::memory_order_relaxed); }

  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override {
    if (!enabled(level)) return;
    const std::string line = format_ == LogFormat::json ? json_line(rfc3339_now(), level, name_, message, fields)
                                                        : text_line(name_, message, fields);
    logger_->log(spdlog_level(level), spdlog::string_view_t{line});
  }

 private:
  const std::string name_;
  const LogFormat format_;
  std::atomic<LogLevel> level_;
  // Owners: the book and each component's log.
  std::shared_ptr<spdlog::logger> logger_;
};

class NullLog final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace

class LogBook::Impl {
 public:
  explicit Impl(const LogOptions& options) : options_{options}, logger_{make_logger(options)} {}

  Log& component(std::string_view name) {
    const std::lock_guard lock{mutex_};
    auto found = components_.find(name);
    if (found == components_.end()) {
      auto log = std::make_unique<ComponentLog>(std::string{name}, options_.format, level_of(name), logger_);
      found = components_.emplace(std::string{name}, std::move(log)).first;
    }
    return *found->second;
  }

  void set_levels(LogLevel level, const std::map<std::string, LogLevel, std::less<>>& levels) {
    const std::lock_guard lock{mutex_};
    options_.level = level;
    options_.levels = levels;
    for (const auto& [name, log] : components_) log->set_level(level_of(name));
  }

  LogLevels levels() const {
    const std::lock_guard lock{mutex_};
    return {options_.level, options_.levels};
  }

  void flush() { logger_->flush(); }

 private:
  LogLevel level_of(std::string_view name) const {
    const auto found = options_.levels.find(name);
    return found == options_.levels.end() ? options_.level : found->second;
  }

  mutable std::mutex mutex_;  // guards the table of components and the options
  LogOptions options_;
  std::shared_ptr<spdlog::logger> logger_;
  std::map<std::string, std::unique_ptr<ComponentLog>, std::less<>> components_;
};

LogBook::LogBook(const LogOptions& options) : impl_{std::make_unique<Impl>(options)} {}
LogBook::~LogBook() = default;
Log& LogBook::component(std::string_view name) { return impl_->component(name); }
void LogBook::set_levels(LogLevel level, const std::map<std::string, LogLevel, std::less<>>& levels) {
  impl_->set_levels(level, levels);
}
LogLevels LogBook::levels() const { return impl_->levels(); }
void LogBook::flush() { impl_->flush(); }

Log& null_log() noexcept {
  static NullLog log;
  return log;
}

}  // namespace sluice
