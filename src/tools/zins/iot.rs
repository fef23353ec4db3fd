//! Zone: post-admission. Rows of the toolset `zins_iot`.

use crate::tools::row::{Row, Shape, graph};
use crate::tools::zins::LIMIT;

const STATS: (&str, &str) = (
    "IoTDeviceStats",
    "query IoTDeviceStats($limit: Int, $filter_by: IoTDeviceFilterBy, $order_by: \
     [IoTDeviceOrderBy]) { \
       IOT { \
         device_stats { \
           devices_count user_devices_count iot_devices_count server_devices_count \
           un_classified_devices_count \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             classifications classification_uuid category total } } } }",
);

pub(in crate::tools) const ROWS: &[Row] = &[graph(
    "zins_get_iot_device_stats",
    "zins_iot",
    "/zins/graphql",
    STATS,
    Shape::Record("/data/IOT/device_stats"),
)
.title("Count discovered devices")
.doc(
    "Returns how many devices discovery has seen in all, by kind, and by classification as \
     entries.\nIt is the state of now. No entries: discovery is off or has seen nothing.",
)
.params(&[LIMIT])
.plain_text()];
