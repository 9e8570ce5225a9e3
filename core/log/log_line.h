#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/log/log.h"

namespace sluice {

/// `message key=value key="two words"`: control characters are escaped, so that one entry is one line.
[[nodiscard]] std::string text_line(std::string_view component, std::string_view message,
                                    std::initializer_list<LogField> fields);

/// `{"time":...,"level":...,"component":...,"message":...,key:value}`. `time` is RFC 3339 in UTC.
[[nodiscard]] std::string json_line(std::string_view time, LogLevel level, std::string_view component,
                                    std::string_view message, std::initializer_list<LogField> fields);

}  // namespace sluice
