// SPDX-License-Identifier: GPL-3.0-only
// The OpenAPI document of a running service: what resources/openapi.json says of the routes it has.
#pragma once

#include <QByteArray>
#include <QJsonObject>

namespace quiesce {

class HttpServer;

/// The document of the stock service as it is kept in resources/: both listeners, every route.
[[nodiscard]] QByteArray stockOpenApi();

/// Describes the routes that the two servers have: those of the admin listener, of health and of
/// jobs from stockOpenApi(), those of the traffic listener from `trafficPaths` (the `paths` of an
/// OpenAPI document). A route that is described nowhere is listed without details. `servers` name
/// the listeners' real addresses, so call it when both listen.
[[nodiscard]] QJsonObject openApiOf(const HttpServer &traffic, const HttpServer &admin,
                                    const QJsonObject &trafficPaths);

} // namespace quiesce
