<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>quiesce::AboutDialog</name>
    <message>
        <source>About Quiesce</source>
        <translation>关于 Quiesce</translation>
    </message>
    <message>
        <source>Quiesce console %1</source>
        <translation>Quiesce 控制台 %1</translation>
    </message>
    <message>
        <source>Qt %1, QCustomPlot, QtKeychain</source>
        <translation>Qt %1、QCustomPlot、QtKeychain</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3; without any warranty.</source>
        <translation>依据 GNU 通用公共许可证第 3 版发布的自由软件；不提供任何担保。</translation>
    </message>
    <message>
        <source>Quitting the console never touches a service: each runs on, and a stop that has begun goes on.</source>
        <translation>退出控制台绝不会影响任何服务：服务照常运行，已开始的停止也会继续。</translation>
    </message>
</context>
<context>
    <name>quiesce::AccessToken</name>
    <message>
        <source>The token file %1 cannot be read: %2</source>
        <translation>无法读取令牌文件 %1：%2</translation>
    </message>
    <message>
        <source>The token file %1 is too large to hold a token</source>
        <translation>令牌文件 %1 过大，不可能是令牌</translation>
    </message>
    <message>
        <source>The token file %1 holds no token</source>
        <translation>令牌文件 %1 中没有令牌</translation>
    </message>
</context>
<context>
    <name>quiesce::ActionPolicy</name>
    <message>
        <source>Marked read-only in this console.</source>
        <translation>在此控制台中标记为只读。</translation>
    </message>
    <message>
        <source>This token may only read.</source>
        <translation>此令牌只有读取权限。</translation>
    </message>
    <message>
        <source>A command is under way: %1.</source>
        <translation>有命令正在执行：%1。</translation>
    </message>
    <message>
        <source>It runs no more: %1.</source>
        <translation>已不再运行：%1。</translation>
    </message>
    <message>
        <source>Not connected: %1.</source>
        <translation>未连接：%1。</translation>
    </message>
    <message>
        <source>Not connected: %1 (%2).</source>
        <translation>未连接：%1（%2）。</translation>
    </message>
    <message>
        <source>Nothing is in flight any more.</source>
        <translation>已没有处理中的工作。</translation>
    </message>
    <message>
        <source>It is quiesced already.</source>
        <translation>已经摘除流量。</translation>
    </message>
    <message>
        <source>A stop is under way already.</source>
        <translation>停止已在进行中。</translation>
    </message>
    <message>
        <source>It is still starting.</source>
        <translation>仍在启动中。</translation>
    </message>
    <message>
        <source>It is serving already.</source>
        <translation>已在服务中。</translation>
    </message>
    <message>
        <source>Nothing is waited for any more: it is stopping.</source>
        <translation>已无等待项：正在停止。</translation>
    </message>
    <message>
        <source>The deadline has passed: what is left is being cancelled.</source>
        <translation>已过截止时间：正在取消剩余工作。</translation>
    </message>
    <message>
        <source>No stop is under way.</source>
        <translation>没有正在进行的停止。</translation>
    </message>
    <message>
        <source>Past the point of no return: it is draining.</source>
        <translation>已无法撤回：正在排空。</translation>
    </message>
    <message>
        <source>Past the point of no return: it is stopping.</source>
        <translation>已无法撤回：正在停止。</translation>
    </message>
    <message>
        <source>Quiesce</source>
        <translation>摘除流量</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Drain and stop</source>
        <translation>排空并停止</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>延长期限</translation>
    </message>
    <message>
        <source>Force</source>
        <translation>强制停止</translation>
    </message>
    <message>
        <source>Cancel the request</source>
        <translation>取消请求</translation>
    </message>
    <message>
        <source>Cancel the job</source>
        <translation>取消作业</translation>
    </message>
</context>
<context>
    <name>quiesce::Attention</name>
    <message>
        <source>the service itself</source>
        <translation>服务自身</translation>
    </message>
    <message>
        <source>somebody at %1</source>
        <translation>来自 %1 的某人</translation>
    </message>
    <message>
        <source>%1 of an unknown sender</source>
        <translation>来自未知发送者的 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>来自 %2 的 %1</translation>
    </message>
    <message>
        <source>Asked for by %1.</source>
        <translation>由 %1 请求。</translation>
    </message>
    <message>
        <source>Asked for by %1: %2</source>
        <translation>由 %1 请求：%2</translation>
    </message>
    <message>
        <source>After %1 s, everything was answered.</source>
        <translation>历时 %1 秒，全部请求均已应答。</translation>
    </message>
    <message numerus="yes">
        <source>After %1 s, %n request(s) unanswered.</source>
        <translation>
            <numerusform>历时 %1 秒，有 %n 个请求未应答。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is stopping</source>
        <translation>%1 正在停止</translation>
    </message>
    <message>
        <source>%1 has reached its deadline</source>
        <translation>%1 已到截止时间</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in flight are being cancelled.</source>
        <translation>
            <numerusform>正在取消 %n 个处理中的请求。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 is back</source>
        <translation>%1 已恢复连接</translation>
    </message>
    <message>
        <source>%1 is lost: %2</source>
        <translation>%1 已失联：%2</translation>
    </message>
    <message>
        <source>Nothing is heard from it.</source>
        <translation>收不到它的任何消息。</translation>
    </message>
    <message>
        <source>More is happening</source>
        <translation>还有其他事件</translation>
    </message>
    <message>
        <source>The console shows what.</source>
        <translation>详情请见控制台。</translation>
    </message>
    <message>
        <source>%1: the job engine works again</source>
        <translation>%1：任务引擎已恢复</translation>
    </message>
    <message>
        <source>%1: the job engine fails</source>
        <translation>%1：任务引擎出错</translation>
    </message>
</context>
<context>
    <name>quiesce::BlockerModel</name>
    <message>
        <source>Age</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
</context>
<context>
    <name>quiesce::BlockerText</name>
    <message>
        <source>Trace %1</source>
        <translation>跟踪 %1</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Hook</source>
        <translation>钩子</translation>
    </message>
</context>
<context>
    <name>quiesce::BlockerView</name>
    <message>
        <source>What the stop waits for</source>
        <translation>停止的等待项</translation>
    </message>
    <message>
        <source>Nothing: all that was in flight has been answered.</source>
        <translation>无：处理中的工作均已应答。</translation>
    </message>
    <message>
        <source>&amp;Cancel this request…</source>
        <translation>取消此请求(&amp;C)…</translation>
    </message>
    <message>
        <source>Copy &amp;ID</source>
        <translation>复制 ID(&amp;I)</translation>
    </message>
    <message>
        <source>Copy &amp;row</source>
        <translation>复制行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Waiting for nothing</source>
        <translation>无等待项(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Waiting for %1</source>
        <translation>等待项：%1(&amp;W)</translation>
    </message>
    <message>
        <source>and %1 more, younger than these</source>
        <translation>另有 %1 个，开始得更晚</translation>
    </message>
    <message>
        <source>&amp;Cancel this job…</source>
        <translation>取消此作业(&amp;C)…</translation>
    </message>
    <message>
        <source>Only requests and jobs can be cancelled, of an instance that is connected, with a token that may change it.</source>
        <translation>只能取消请求和作业；实例须已连接，且令牌须有更改权限。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>kind, what</comment>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>quiesce::BookmarkFile</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>missing, or too long</source>
        <translation>缺失或过长</translation>
    </message>
    <message>
        <source>not the http or https address of a host</source>
        <translation>不是主机的 http 或 https 地址</translation>
    </message>
    <message>
        <source>unknown word</source>
        <translation>未知的词</translation>
    </message>
    <message>
        <source>not a SHA-256 of 64 hex digits</source>
        <translation>不是 64 位十六进制的 SHA-256</translation>
    </message>
    <message>
        <source>line %1, column %2</source>
        <translation>第 %1 行第 %2 列</translation>
    </message>
    <message>
        <source>connections[%1].%2</source>
        <translation>connections[%1].%2</translation>
    </message>
    <message>
        <source>connections[%1].id: there twice</source>
        <translation>connections[%1].id：重复</translation>
    </message>
    <message>
        <source>version: %1 is of a later console</source>
        <translation>version：%1 来自更新版本的控制台</translation>
    </message>
    <message>
        <source>version: missing, or not a number</source>
        <translation>version：缺失或不是数字</translation>
    </message>
    <message>
        <source>connections: missing, or not a list</source>
        <translation>connections：缺失或不是列表</translation>
    </message>
    <message>
        <source>connections: more than %L1</source>
        <translation>connections：超过 %L1 个</translation>
    </message>
</context>
<context>
    <name>quiesce::Bookmarks</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1. It is left as it is, and no change can be kept.</source>
        <translation>%1。文件保持原样，更改无法保存。</translation>
    </message>
    <message>
        <source>%1. The file is now %2.</source>
        <translation>%1。该文件现已改名为 %2。</translation>
    </message>
    <message>
        <source>There is a connection to %1.</source>
        <translation>已有到 %1 的连接。</translation>
    </message>
    <message>
        <source>There is no such connection any more.</source>
        <translation>该连接已不存在。</translation>
    </message>
    <message>
        <source>At most %L1 connections can be kept.</source>
        <translation>最多可保存 %L1 个连接。</translation>
    </message>
    <message>
        <source>%1 is damaged and could not be set aside.</source>
        <translation>%1 已损坏，且无法移到一旁。</translation>
    </message>
</context>
<context>
    <name>quiesce::CauseText</name>
    <message>
        <source>pid %1, uid %2</source>
        <translation>pid %1，uid %2</translation>
    </message>
    <message>
        <source>pid %1</source>
        <translation>pid %1</translation>
    </message>
    <message>
        <source>an unknown sender</source>
        <translation>未知发送者</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>command (pid, uid)</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>a signal from %1</source>
        <translation>来自 %1 的信号</translation>
    </message>
    <message>
        <source>%1 from %2</source>
        <comment>signal from sender</comment>
        <translation>来自 %2 的 %1</translation>
    </message>
    <message>
        <source>%1 (%2, from %3)</source>
        <comment>who (role, from address)</comment>
        <translation>%1（%2，来自 %3）</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>who (role)</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 (from %2)</source>
        <translation>%1（来自 %2）</translation>
    </message>
    <message>
        <source>the admin API</source>
        <translation>管理 API</translation>
    </message>
    <message>
        <source>%1 through the admin API</source>
        <translation>%1（通过管理 API）</translation>
    </message>
    <message>
        <source>the service itself</source>
        <translation>服务自身</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>who: reason</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>quiesce::ChartScale</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>quiesce::ChartsPanel</name>
    <message>
        <source>&amp;1 min</source>
        <translation>&amp;1 分钟</translation>
    </message>
    <message>
        <source>&amp;5 min</source>
        <translation>&amp;5 分钟</translation>
    </message>
    <message>
        <source>15 mi&amp;n</source>
        <translation>15 分钟(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;60 min</source>
        <translation>&amp;60 分钟</translation>
    </message>
    <message>
        <source>Time shown</source>
        <translation>显示时段</translation>
    </message>
    <message>
        <source>Time shown:</source>
        <translation>显示时段：</translation>
    </message>
    <message>
        <source>Nothing is known of this time</source>
        <translation>此时段没有数据</translation>
    </message>
    <message>
        <source>Requests in flight</source>
        <translation>处理中的请求</translation>
    </message>
    <message>
        <source>Requests a second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>No request was answered in this time</source>
        <translation>此时段没有应答任何请求</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止时间</translation>
    </message>
</context>
<context>
    <name>quiesce::Command</name>
    <message>
        <source>The answer is none of a Quiesce service</source>
        <translation>应答并非来自 Quiesce 服务</translation>
    </message>
</context>
<context>
    <name>quiesce::CommandForm</name>
    <message>
        <source>The service&apos;s own</source>
        <translation>服务自身的设置</translation>
    </message>
    <message>
        <source>A time such as 30s, 1m 30s or 250ms; a bare number is seconds. Empty: what the service is set to.</source>
        <translation>时长，例如 30s、1m 30s 或 250ms；仅写数字表示秒。留空：采用服务自身的设置。</translation>
    </message>
    <message>
        <source>&amp;Grace:</source>
        <translation>宽限期(&amp;G)：</translation>
    </message>
    <message>
        <source>&amp;Lame duck:</source>
        <translation>预停期(&amp;L)：</translation>
    </message>
    <message>
        <source>A time such as 30s, 1m 30s or 250ms; a bare number is seconds.</source>
        <translation>时长，例如 30s、1m 30s 或 250ms；仅写数字表示秒。</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
    <message>
        <source>Extend &amp;by:</source>
        <translation>延长(&amp;B)：</translation>
    </message>
    <message>
        <source>Required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>选填</translation>
    </message>
    <message>
        <source>The service keeps it in its audit and its stop report.</source>
        <translation>服务会将其记入审计和停止报告。</translation>
    </message>
    <message>
        <source>Reas&amp;on:</source>
        <translation>原因(&amp;O)：</translation>
    </message>
    <message>
        <source>Who asks, as the service writes it down.</source>
        <translation>请求者，服务会照此记录。</translation>
    </message>
    <message>
        <source>&amp;Asked by:</source>
        <translation>请求者(&amp;A)：</translation>
    </message>
    <message>
        <source>&amp;Type to confirm:</source>
        <translation>键入以确认(&amp;T)：</translation>
    </message>
    <message>
        <source>Type “%1” exactly, because this is production.</source>
        <translation>这是生产环境，请准确键入“%1”。</translation>
    </message>
    <message>
        <source>The lame duck is no time: write it as 30s or 1m 30s.</source>
        <translation>预停期不是有效时长：请写成 30s 或 1m 30s。</translation>
    </message>
    <message>
        <source>The grace is no time: write it as 30s or 1m 30s.</source>
        <translation>宽限期不是有效时长：请写成 30s 或 1m 30s。</translation>
    </message>
    <message>
        <source>Say by how much to extend, as 30s or 1m 30s.</source>
        <translation>请写明延长多久，例如 30s 或 1m 30s。</translation>
    </message>
    <message>
        <source>Give a reason.</source>
        <translation>请填写原因。</translation>
    </message>
    <message>
        <source>This is production: type “%1” to confirm.</source>
        <translation>这是生产环境：请键入“%1”以确认。</translation>
    </message>
</context>
<context>
    <name>quiesce::Condition</name>
    <message>
        <source>Connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Serving</source>
        <translation>服务中</translation>
    </message>
    <message>
        <source>Quiesced</source>
        <translation>已摘除流量</translation>
    </message>
    <message>
        <source>Lame duck</source>
        <translation>预停期</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>排空中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Stopped cleanly</source>
        <translation>干净停止</translation>
    </message>
    <message>
        <source>Stopped, incomplete</source>
        <translation>未完整停止</translation>
    </message>
    <message>
        <source>Forced to stop</source>
        <translation>被强制停止</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>Stale</source>
        <translation>数据陈旧</translation>
    </message>
    <message>
        <source>Unreachable</source>
        <translation>不可达</translation>
    </message>
    <message>
        <source>Not authorised</source>
        <translation>未授权</translation>
    </message>
    <message>
        <source>Needs a token</source>
        <translation>需要令牌</translation>
    </message>
    <message>
        <source>Incompatible version</source>
        <translation>版本不兼容</translation>
    </message>
</context>
<context>
    <name>quiesce::ConfigFile</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>not a file</source>
        <translation>不是文件</translation>
    </message>
    <message>
        <source>larger than %L1 bytes</source>
        <translation>大于 %L1 字节</translation>
    </message>
</context>
<context>
    <name>quiesce::ConfirmDialog</name>
    <message>
        <source>Production</source>
        <translation>生产</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>取消(&amp;N)</translation>
    </message>
</context>
<context>
    <name>quiesce::ConnectionDesk</name>
    <message>
        <source>Connections (*.json)</source>
        <translation>连接 (*.json)</translation>
    </message>
    <message>
        <source>The connection is not saved</source>
        <translation>连接未保存</translation>
    </message>
    <message>
        <source>The connection is not changed</source>
        <translation>连接未更改</translation>
    </message>
    <message>
        <source>Remove connections</source>
        <translation>移除连接</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n connection(s)? The services are not touched.</source>
        <translation>
            <numerusform>移除 %n 个连接？不会影响服务。</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>The connection is not removed</source>
        <translation>连接未移除</translation>
    </message>
    <message>
        <source>The token is still in the keyring</source>
        <translation>令牌仍在密钥环中</translation>
    </message>
    <message>
        <source>Import connections</source>
        <translation>导入连接</translation>
    </message>
    <message>
        <source>Nothing is imported</source>
        <translation>未导入任何内容</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) added. Their tokens are asked for.</source>
        <translation>
            <numerusform>已添加 %n 个连接。令牌会另行询问。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out: known already.</source>
        <translation>
            <numerusform>略过 %n 个：已存在。</numerusform>
        </translation>
    </message>
    <message>
        <source>Connections imported</source>
        <translation>已导入连接</translation>
    </message>
    <message>
        <source>Export connections, without tokens</source>
        <translation>导出连接（不含令牌）</translation>
    </message>
    <message>
        <source>Nothing is exported</source>
        <translation>未导出任何内容</translation>
    </message>
</context>
<context>
    <name>quiesce::ConnectionDialog</name>
    <message>
        <source>Add a connection</source>
        <translation>添加连接</translation>
    </message>
    <message>
        <source>Edit the connection</source>
        <translation>编辑连接</translation>
    </message>
</context>
<context>
    <name>quiesce::ConnectionForm</name>
    <message>
        <source>Token file</source>
        <translation>令牌文件</translation>
    </message>
    <message>
        <source>Trusted CA (PEM)</source>
        <translation>受信任的 CA (PEM)</translation>
    </message>
    <message>
        <source>&amp;Read-only: offer no changes from this console</source>
        <translation>只读：此控制台不提供更改操作(&amp;R)</translation>
    </message>
    <message>
        <source>as the service calls itself</source>
        <translation>采用服务自报的名称</translation>
    </message>
    <message>
        <source>Not said</source>
        <translation>未指定</translation>
    </message>
    <message>
        <source>&amp;Address:</source>
        <translation>地址(&amp;A)：</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>名称(&amp;N)：</translation>
    </message>
    <message>
        <source>&amp;Group:</source>
        <translation>分组(&amp;G)：</translation>
    </message>
    <message>
        <source>&amp;Environment:</source>
        <translation>环境(&amp;E)：</translation>
    </message>
    <message>
        <source>From the desktop&apos;s keyring</source>
        <translation>取自桌面密钥环</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>取自文件</translation>
    </message>
    <message>
        <source>Asked for in each run</source>
        <translation>每次运行时询问</translation>
    </message>
    <message>
        <source>&amp;Token:</source>
        <translation>令牌(&amp;T)：</translation>
    </message>
    <message>
        <source>empty: the one that is there, else it is asked for</source>
        <translation>留空：使用已有令牌，没有则询问</translation>
    </message>
    <message>
        <source>T&amp;oken to keep:</source>
        <translation>要保存的令牌(&amp;O)：</translation>
    </message>
    <message>
        <source>Token &amp;file:</source>
        <translation>令牌文件(&amp;F)：</translation>
    </message>
    <message>
        <source>SHA-256 of its certificate; only that is trusted then</source>
        <translation>证书的 SHA-256；填写后只信任该证书</translation>
    </message>
    <message>
        <source>Trusted &amp;CA:</source>
        <translation>受信任的 CA(&amp;C)：</translation>
    </message>
    <message>
        <source>&amp;Fingerprint:</source>
        <translation>指纹(&amp;F)：</translation>
    </message>
    <message>
        <source>not a SHA-256 of 64 hex digits</source>
        <translation>不是 64 位十六进制的 SHA-256</translation>
    </message>
</context>
<context>
    <name>quiesce::Consequence</name>
    <message>
        <source>The job ends as cancelled and is not queued again.</source>
        <translation>作业将以“已取消”结束，不会重新排队。</translation>
    </message>
    <message>
        <source>What is in progress is not known.</source>
        <translation>进行中的工作未知。</translation>
    </message>
    <message>
        <source>1 request in flight</source>
        <translation>1 个请求处理中</translation>
    </message>
    <message numerus="yes">
        <source>%n requests in flight</source>
        <translation>
            <numerusform>%n 个请求处理中</numerusform>
        </translation>
    </message>
    <message>
        <source>1 job running</source>
        <translation>1 个作业运行中</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs running</source>
        <translation>
            <numerusform>%n 个作业运行中</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 and %2.</source>
        <translation>%1，%2。</translation>
    </message>
    <message>
        <source>Out of rotation until resumed; nothing is stopped, no new job is started.</source>
        <translation>在恢复之前不再接收流量；不会停止任何工作，也不启动新作业。</translation>
    </message>
    <message>
        <source>What is in progress goes on: %1</source>
        <translation>进行中的工作继续：%1</translation>
    </message>
    <message>
        <source>Ready again: back in rotation, and jobs are started again.</source>
        <translation>重新就绪：恢复接收流量，并重新启动作业。</translation>
    </message>
    <message>
        <source>The stop under way is taken back.</source>
        <translation>撤回正在进行的停止。</translation>
    </message>
    <message numerus="yes">
        <source>%n stops under way are taken back.</source>
        <translation>
            <numerusform>撤回 %n 个正在进行的停止。</numerusform>
        </translation>
    </message>
    <message>
        <source>What is in flight should take about %1, by what is seen now.</source>
        <translation>按目前情况，处理中的工作约需 %1。</translation>
    </message>
    <message>
        <source>Jobs that do not finish are queued again.</source>
        <translation>未完成的作业将重新排队。</translation>
    </message>
    <message>
        <source>Lame duck %1, then up to %2 to finish.</source>
        <translation>预停期 %1，之后最多 %2 完成。</translation>
    </message>
    <message>
        <source>Lame duck %1, then the service&apos;s own grace to finish (not known here).</source>
        <translation>预停期 %1，之后在服务自身的宽限期内完成（此处未知）。</translation>
    </message>
    <message>
        <source>The service&apos;s own lame duck (not known here), then up to %1 to finish.</source>
        <translation>服务自身的预停期（此处未知），之后最多 %1 完成。</translation>
    </message>
    <message>
        <source>Lame duck and grace are the service&apos;s own (not known here).</source>
        <translation>预停期和宽限期采用服务自身的设置（此处未知）。</translation>
    </message>
    <message>
        <source>The deadline moves by %1; where it stands now is not known.</source>
        <translation>截止时间延后 %1；目前的截止时间未知。</translation>
    </message>
    <message numerus="yes">
        <source>%n deadlines move by %1.</source>
        <translation>
            <numerusform>%n 个截止时间延后 %1。</numerusform>
        </translation>
    </message>
    <message>
        <source>The nearest: remaining %1 → %2.</source>
        <translation>最近的一个：剩余 %1 → %2。</translation>
    </message>
    <message>
        <source>The deadline moves: remaining %1 → %2.</source>
        <translation>截止时间延后：剩余 %1 → %2。</translation>
    </message>
    <message>
        <source>The deadline moves from %1 to %2 (remaining %3 → %4).</source>
        <translation>截止时间从 %1 移至 %2（剩余 %3 → %4）。</translation>
    </message>
    <message>
        <source>Stop hooks that have not run are skipped. This cannot be undone.</source>
        <translation>尚未运行的停止钩子将被跳过。此操作无法撤销。</translation>
    </message>
    <message>
        <source>No request is in flight now.</source>
        <translation>目前没有处理中的请求。</translation>
    </message>
    <message>
        <source>How many requests it cuts is not known.</source>
        <translation>会中断多少请求未知。</translation>
    </message>
    <message>
        <source>Cuts 1 request now</source>
        <translation>立即中断 1 个请求</translation>
    </message>
    <message numerus="yes">
        <source>Cuts %n requests now</source>
        <translation>
            <numerusform>立即中断 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (the oldest %2).</source>
        <translation>%1（最久的已 %2）。</translation>
    </message>
    <message>
        <source>%1 (the oldest %2, %3).</source>
        <translation>%1（最久的已 %2，%3）。</translation>
    </message>
    <message>
        <source>No job is running now.</source>
        <translation>目前没有运行中的作业。</translation>
    </message>
    <message>
        <source>How many jobs it cuts is not known.</source>
        <translation>会中断多少作业未知。</translation>
    </message>
    <message>
        <source>1 job goes back to the queue and loses what came after its last checkpoint.</source>
        <translation>1 个作业重新排队，并丢失上一个检查点之后的进度。</translation>
    </message>
    <message numerus="yes">
        <source>%n jobs go back to the queue and lose what came after their last checkpoint.</source>
        <translation>
            <numerusform>%n 个作业重新排队，并丢失各自上一个检查点之后的进度。</numerusform>
        </translation>
    </message>
    <message>
        <source>The request %1 is told to give up; its client gets an error.</source>
        <translation>请求 %1 将被通知放弃；其客户端会收到错误。</translation>
    </message>
    <message>
        <source>The request %1 (%2) is told to give up; its client gets an error.</source>
        <translation>请求 %1（%2）将被通知放弃；其客户端会收到错误。</translation>
    </message>
    <message>
        <source>1 instance has not been heard of yet: what it is doing is unknown.</source>
        <translation>1 个实例尚无消息：其活动未知。</translation>
    </message>
    <message numerus="yes">
        <source>%n instances have not been heard of yet: what they are doing is unknown.</source>
        <translation>
            <numerusform>%n 个实例尚无消息：其活动未知。</numerusform>
        </translation>
    </message>
    <message>
        <source>1 instance is silent: its numbers may be old.</source>
        <translation>1 个实例没有响应：其数字可能陈旧。</translation>
    </message>
    <message numerus="yes">
        <source>%n instances are silent: their numbers may be old.</source>
        <translation>
            <numerusform>%n 个实例没有响应：其数字可能陈旧。</numerusform>
        </translation>
    </message>
    <message>
        <source>The service will refuse: its stop already lasts as long as its budget allows.</source>
        <translation>服务会拒绝：停止过程已经达到其总预算允许的时长。</translation>
    </message>
    <message>
        <source>The service will refuse so much: its budget ends at %1, %2 more at most.</source>
        <translation>服务会拒绝这么长的延长：其总预算到 %1 为止，最多还能延长 %2。</translation>
    </message>
    <message>
        <source>The service&apos;s budget allows until %1, %2 more at most.</source>
        <translation>服务的总预算允许延长到 %1，最多还能延长 %2。</translation>
    </message>
    <message>
        <source>• %1, %2</source>
        <comment>what is lost, its age</comment>
        <translation>• %1，%2</translation>
    </message>
    <message numerus="yes">
        <source>• and %n more</source>
        <translation>
            <numerusform>• 以及另外 %n 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::Console</name>
    <message>
        <source>The token of %1 is kept for this run only: %2</source>
        <translation>%1 的令牌仅在本次运行中保留：%2</translation>
    </message>
    <message>
        <source>Quiesce Console goes on in the tray</source>
        <translation>Quiesce 控制台在托盘中继续运行</translation>
    </message>
    <message>
        <source>Its icon brings the window back. Quitting it never touches a service.</source>
        <translation>点击图标可重新打开窗口。退出控制台绝不会影响任何服务。</translation>
    </message>
    <message>
        <source>Quiesce Console</source>
        <translation>Quiesce 控制台</translation>
    </message>
    <message>
        <source>Quit Quiesce Console?</source>
        <translation>退出 Quiesce 控制台？</translation>
    </message>
    <message>
        <source>A rolling stop is under way. It ends with the console: the instance that is stopping goes on, those after it are left alone. No service notices.</source>
        <translation>滚动停止正在进行。它会随控制台一起结束：正在停止的实例会继续停止，其后的实例不受影响。没有服务会察觉。</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Diagnostics are in the clipboard: no secret is in them</source>
        <translation>诊断信息已复制到剪贴板：其中不含任何机密</translation>
    </message>
</context>
<context>
    <name>quiesce::ConsoleOptions</name>
    <message>
        <source>Watch the admin listener at &lt;URL&gt; in this run, e.g. http://127.0.0.1:9090. May be given more than once; its token is asked for.</source>
        <translation>本次运行中监视位于 &lt;URL&gt; 的管理端口，例如 http://127.0.0.1:9090。可多次给出；令牌会另行询问。</translation>
    </message>
    <message>
        <source>Keep connections and choices in &lt;folder&gt; instead of $XDG_CONFIG_HOME/quiesce-console.</source>
        <translation>将连接和设置保存在 &lt;folder&gt;，而不是 $XDG_CONFIG_HOME/quiesce-console。</translation>
    </message>
    <message>
        <source>Show this help.</source>
        <translation>显示此帮助。</translation>
    </message>
    <message>
        <source>Show the version.</source>
        <translation>显示版本。</translation>
    </message>
    <message>
        <source>Watches services that stop with Quiesce and takes part in their stops. Services of this machine appear by themselves. Quitting it never touches a service.</source>
        <translation>监视使用 Quiesce 停止的服务，并参与其停止过程。本机的服务会自动出现。退出控制台绝不会影响任何服务。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not an option. To watch an address use --connect.</source>
        <translation>“%1”不是选项。要监视某个地址，请使用 --connect。</translation>
    </message>
    <message>
        <source>--connect %1: not the http or https address of a host, such as http://127.0.0.1:9090.</source>
        <translation>--connect %1：不是主机的 http 或 https 地址，正确的例如 http://127.0.0.1:9090。</translation>
    </message>
    <message>
        <source>--config-dir wants a folder.</source>
        <translation>--config-dir 需要给出一个文件夹。</translation>
    </message>
</context>
<context>
    <name>quiesce::ConsoleSettings</name>
    <message>
        <source>%1: not a settings file</source>
        <translation>%1：不是设置文件</translation>
    </message>
    <message>
        <source>%1. It is left as it is, and no choice can be kept.</source>
        <translation>%1。文件保持原样，设置无法保存。</translation>
    </message>
    <message>
        <source>%1. The file is now %2.</source>
        <translation>%1。该文件现已改名为 %2。</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>无法写入 %1。</translation>
    </message>
</context>
<context>
    <name>quiesce::DeadlineBar</name>
    <message>
        <source>Time until the deadline</source>
        <translation>距截止时间</translation>
    </message>
    <message>
        <source>Full: gone. Hatched: still needed, as far as can be told. Line: the deadline.</source>
        <translation>实色：已过时间。斜线：预计仍需时间。竖线：截止时间。</translation>
    </message>
</context>
<context>
    <name>quiesce::DemoService</name>
    <message>
        <source>The demo service was not ready in time. See %1.</source>
        <translation>演示服务未能及时就绪。请查看 %1。</translation>
    </message>
    <message>
        <source>The program quiesced was found neither beside the console nor in PATH.</source>
        <translation>在控制台所在目录和 PATH 中均未找到程序 quiesced。</translation>
    </message>
    <message>
        <source>%1 cannot be made.</source>
        <translation>无法创建 %1。</translation>
    </message>
    <message>
        <source>%1 cannot be run: %2</source>
        <translation>无法运行 %1：%2</translation>
    </message>
    <message>
        <source>The demo service did not start: %1</source>
        <translation>演示服务未能启动：%1</translation>
    </message>
    <message>
        <source>it said nothing in %1</source>
        <translation>%1 中没有任何输出</translation>
    </message>
</context>
<context>
    <name>quiesce::EngineBar</name>
    <message>
        <source>What the broker tells</source>
        <translation>消息代理的状况</translation>
    </message>
    <message>
        <source>What is wrong with the store or the broker</source>
        <translation>存储或消息代理的问题</translation>
    </message>
</context>
<context>
    <name>quiesce::EngineText</name>
    <message>
        <source>memory only</source>
        <translation>仅内存</translation>
    </message>
    <message>
        <source>not open yet</source>
        <comment>a job store</comment>
        <translation>尚未打开</translation>
    </message>
    <message>
        <source>Store: %1</source>
        <translation>存储：%1</translation>
    </message>
    <message>
        <source>Store: %1, failing</source>
        <translation>存储：%1，出错</translation>
    </message>
    <message>
        <source>Broker: %1, connected</source>
        <translation>消息代理：%1，已连接</translation>
    </message>
    <message>
        <source>Broker: %1, failing</source>
        <translation>消息代理：%1，出错</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <comment>messages</comment>
        <translation>%1 条等待中</translation>
    </message>
    <message>
        <source>lag %1</source>
        <comment>messages</comment>
        <translation>积压 %1 条</translation>
    </message>
    <message>
        <source>%1 held here</source>
        <comment>messages</comment>
        <translation>此处持有 %1 条</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>engine: its fault</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1, since %2: %3</source>
        <comment>engine, moment, its fault</comment>
        <translation>%1，自 %2 起：%3</translation>
    </message>
</context>
<context>
    <name>quiesce::EventStream</name>
    <message>
        <source>Nothing came for too long</source>
        <translation>太久没有收到数据</translation>
    </message>
    <message>
        <source>No answer came in time</source>
        <translation>未及时收到应答</translation>
    </message>
    <message>
        <source>It answers, but with no event stream: perhaps it is another program</source>
        <translation>有应答，但不是事件流：可能是其他程序</translation>
    </message>
    <message>
        <source>It sent something longer than any event may be</source>
        <translation>收到的内容超过事件的长度上限</translation>
    </message>
    <message>
        <source>The service has closed the connection</source>
        <translation>服务已关闭连接</translation>
    </message>
</context>
<context>
    <name>quiesce::FactTable</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::FaultLabel</name>
    <message>
        <source>⚠ %1</source>
        <translation>⚠ %1</translation>
    </message>
</context>
<context>
    <name>quiesce::Fleet</name>
    <message>
        <source>At most %L1 instances can be watched.</source>
        <translation>最多可监视 %L1 个实例。</translation>
    </message>
    <message>
        <source>%1 is watched already, as %2.</source>
        <translation>%1 已在监视中，名称为 %2。</translation>
    </message>
    <message>
        <source>Its process has gone, and nobody saw how it ended.</source>
        <translation>进程已消失，如何结束的无从得知。</translation>
    </message>
</context>
<context>
    <name>quiesce::FleetCells</name>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>≈ %1</source>
        <translation>≈ %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Last minute</source>
        <translation>最近一分钟</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Req/s</source>
        <translation>请求/秒</translation>
    </message>
    <message>
        <source>Drain</source>
        <translation>排空</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>运行时长</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Last event</source>
        <translation>最近事件</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Retry in %1 (attempt %2)</source>
        <translation>%1后重试（第 %2 次）</translation>
    </message>
    <message>
        <source>Since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Last seen %1, %2</source>
        <translation>最后可见：%1，%2</translation>
    </message>
    <message>
        <source>Never seen</source>
        <translation>从未可见</translation>
    </message>
    <message>
        <source>Group %1</source>
        <translation>分组 %1</translation>
    </message>
    <message>
        <source>Process %1 on %2</source>
        <translation>%2 上的进程 %1</translation>
    </message>
    <message>
        <source>Read-only from here</source>
        <translation>此处只读</translation>
    </message>
    <message>
        <source>%1 running, %2 queued, %3 for later, %4 failed</source>
        <translation>%1 个运行中，%2 个排队中，%3 个定时，%4 个失败</translation>
    </message>
    <message>
        <source>How long a drain that began now would take, as predicted</source>
        <translation>若现在开始排空，预计所需时间</translation>
    </message>
    <message>
        <source>Waits for %1; the deadline is %2</source>
        <translation>等待项：%1；截止时间为 %2</translation>
    </message>
    <message>
        <source>%1 in flight, the oldest for %2</source>
        <translation>%1 个处理中，最久的已 %2</translation>
    </message>
    <message>
        <source>%1 open: %2 active, %3 idle</source>
        <translation>%1 个打开：%2 个活动，%3 个空闲</translation>
    </message>
    <message>
        <source>%1 requests since it has started</source>
        <translation>自启动以来 %1 个请求</translation>
    </message>
    <message>
        <source>Started %1</source>
        <translation>启动于 %1</translation>
    </message>
    <message>
        <source>Whether it wants new work</source>
        <translation>是否接收新工作</translation>
    </message>
    <message>
        <source>Requests accepted and not yet completely answered</source>
        <translation>已接受但尚未完全应答的请求</translation>
    </message>
    <message>
        <source>In flight over the last 60 samples, one a second</source>
        <translation>最近 60 次采样的处理中数量，每秒一次</translation>
    </message>
    <message>
        <source>Jobs running / waiting</source>
        <translation>运行中/等待中的作业</translation>
    </message>
    <message>
        <source>Requests answered a second</source>
        <translation>每秒应答的请求数</translation>
    </message>
    <message>
        <source>While stopping: until the deadline; else how long a drain would take, as predicted</source>
        <translation>停止期间：距截止时间；否则为预计排空所需时间</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>⚠ %1</source>
        <comment>running / waiting</comment>
        <translation>⚠ %1</translation>
    </message>
    <message>
        <source>%1: failing</source>
        <comment>engine</comment>
        <translation>%1：出错</translation>
    </message>
    <message>
        <source>Job engine</source>
        <translation>任务引擎</translation>
    </message>
    <message>
        <source>What keeps its jobs, and who tells it which to run</source>
        <translation>任务存放在哪里，以及由谁通知要运行的任务</translation>
    </message>
</context>
<context>
    <name>quiesce::FleetGroup</name>
    <message numerus="yes">
        <source>%n serving</source>
        <translation>
            <numerusform>%n 个服务中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stopping</source>
        <translation>
            <numerusform>%n 个停止中</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stopped</source>
        <translation>
            <numerusform>%n 个已停止</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n 个异常</numerusform>
        </translation>
    </message>
    <message>
        <source>Serving</source>
        <translation>服务中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>1 service</source>
        <translation>1 个服务</translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n 个服务</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>quiesce::FleetPage</name>
    <message>
        <source>Search name, environment, address, version, state</source>
        <translation>搜索名称、环境、地址、版本、状态</translation>
    </message>
    <message>
        <source>Search services</source>
        <translation>搜索服务</translation>
    </message>
    <message>
        <source>Every word must be found (%1)</source>
        <translation>须匹配每个词（%1）</translation>
    </message>
    <message>
        <source>No services yet</source>
        <translation>还没有服务</translation>
    </message>
    <message>
        <source>Services that run on this machine appear here by themselves.
Add a connection for one that runs elsewhere.</source>
        <translation>在本机运行的服务会自动出现在这里。
要监视别处的服务，请添加连接。</translation>
    </message>
    <message>
        <source>Start a local &amp;demo service</source>
        <translation>启动本地演示服务(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Add a connection…</source>
        <translation>添加连接(&amp;A)…</translation>
    </message>
    <message>
        <source>No service fits what is searched for and the chosen states.</source>
        <translation>没有服务符合搜索内容和所选状态。</translation>
    </message>
    <message>
        <source>&amp;Clear search and filter</source>
        <translation>清除搜索和筛选(&amp;C)</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>%1 shown</source>
        <translation>显示 %1</translation>
    </message>
    <message>
        <source>%1 match</source>
        <translation>匹配 %1</translation>
    </message>
    <message>
        <source>&amp;Copy rows</source>
        <translation>复制行(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Edit connection…</source>
        <translation>编辑连接(&amp;E)…</translation>
    </message>
    <message>
        <source>Remove from the &amp;list…</source>
        <translation>从列表中移除(&amp;L)…</translation>
    </message>
    <message>
        <source>Clear &amp;stopped services</source>
        <translation>清除已停止的服务(&amp;S)</translation>
    </message>
</context>
<context>
    <name>quiesce::FleetTable</name>
    <message>
        <source>Services</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>&amp;Reset columns</source>
        <translation>重置列(&amp;R)</translation>
    </message>
</context>
<context>
    <name>quiesce::GroupChips</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Show only: %1</source>
        <translation>仅显示：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::ImageActions</name>
    <message>
        <source>Save image</source>
        <translation>保存图像</translation>
    </message>
    <message>
        <source>The image could not be saved as %1: %2</source>
        <translation>图像无法保存为 %1：%2</translation>
    </message>
    <message>
        <source>PNG images (*.png)</source>
        <translation>PNG 图像 (*.png)</translation>
    </message>
    <message>
        <source>&amp;Copy image</source>
        <translation>复制图像(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Save image…</source>
        <translation>保存图像(&amp;S)…</translation>
    </message>
</context>
<context>
    <name>quiesce::InstanceActions</name>
    <message>
        <source>Ro&amp;lling stop…</source>
        <translation>滚动停止(&amp;L)…</translation>
    </message>
    <message>
        <source>Reco&amp;nnect now</source>
        <translation>立即重连(&amp;N)</translation>
    </message>
    <message>
        <source>Co&amp;py as curl</source>
        <translation>复制为 curl 命令(&amp;P)</translation>
    </message>
    <message>
        <source>Stops the selected instances one after another.</source>
        <translation>逐个停止所选实例。</translation>
    </message>
    <message>
        <source>No instance is selected.</source>
        <translation>未选择实例。</translation>
    </message>
    <message>
        <source>Connects anew instead of waiting.</source>
        <translation>不再等待，立即重新连接。</translation>
    </message>
    <message>
        <source>Goes to %1 of the %2 selected.</source>
        <translation>将作用于所选 %2 个中的 %1 个。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>quiesce::InstanceClient</name>
    <message>
        <source>The answer cannot be read: perhaps the service is of another version</source>
        <translation>无法读取应答：服务可能是其他版本</translation>
    </message>
    <message>
        <source>There is no connection</source>
        <translation>没有连接</translation>
    </message>
    <message>
        <source>A token is needed</source>
        <translation>需要令牌</translation>
    </message>
    <message>
        <source>Too much is being asked for already</source>
        <translation>未完成的查询过多</translation>
    </message>
    <message>
        <source>The connection was given up before an answer came</source>
        <translation>未等到应答，连接已放弃</translation>
    </message>
</context>
<context>
    <name>quiesce::InstanceModels</name>
    <message>
        <source>There was no answer.</source>
        <translation>没有应答。</translation>
    </message>
    <message>
        <source>The service answered %1 %2.</source>
        <comment>status, code</comment>
        <translation>服务应答 %1 %2。</translation>
    </message>
    <message>
        <source>There is no connection to this instance.</source>
        <translation>没有到此实例的连接。</translation>
    </message>
</context>
<context>
    <name>quiesce::InstancePage</name>
    <message>
        <source>Select an instance to see how it is.</source>
        <translation>选择一个实例以查看其状况。</translation>
    </message>
    <message>
        <source>&amp;Overview</source>
        <translation>概览(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>作业(&amp;J)</translation>
    </message>
    <message>
        <source>T&amp;imeline</source>
        <translation>时间线(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Reports</source>
        <translation>停止报告(&amp;R)</translation>
    </message>
</context>
<context>
    <name>quiesce::JobCells</name>
    <message>
        <source>%1 %</source>
        <comment>progress in percent</comment>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Accepted: %1</source>
        <translation>接受于：%1</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Scheduled</source>
        <translation>已定时</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Succeeded</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>the service stopped</source>
        <translation>服务停止</translation>
    </message>
    <message>
        <source>the service crashed</source>
        <translation>服务崩溃</translation>
    </message>
    <message>
        <source>its lease was lost</source>
        <translation>租约丢失</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>attempt</comment>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Held by %1, instance %2</source>
        <translation>由 %1 持有，实例 %2</translation>
    </message>
</context>
<context>
    <name>quiesce::JobDetail</name>
    <message>
        <source>The job as JSON</source>
        <translation>作业的 JSON</translation>
    </message>
    <message>
        <source>Output of the job</source>
        <translation>作业的输出</translation>
    </message>
    <message>
        <source>&amp;Fetch output</source>
        <translation>获取输出(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Cancel this job…</source>
        <translation>取消此作业(&amp;C)…</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Not fetched yet.</source>
        <translation>尚未获取。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>kind of job: state</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Select a job to see all of it.</source>
        <translation>选择一个作业以查看全部内容。</translation>
    </message>
    <message>
        <source>It has written nothing.</source>
        <translation>没有任何输出。</translation>
    </message>
    <message>
        <source>There is no output to show: %1</source>
        <translation>没有可显示的输出：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::JobModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Requeues</source>
        <translation>重新排队</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>持有者</translation>
    </message>
</context>
<context>
    <name>quiesce::JobView</name>
    <message>
        <source>&amp;Refresh</source>
        <translation>刷新(&amp;R)</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>There are no such jobs.</source>
        <translation>没有此类作业。</translation>
    </message>
    <message>
        <source>Which jobs are shown</source>
        <translation>显示哪些作业</translation>
    </message>
    <message>
        <source>All jobs</source>
        <translation>全部作业</translation>
    </message>
    <message>
        <source>S&amp;how:</source>
        <translation>显示(&amp;H)：</translation>
    </message>
    <message>
        <source>The list could not be read: %1</source>
        <translation>无法读取列表：%1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>shown of all</comment>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>%1 job %2</source>
        <comment>kind, id</comment>
        <translation>%1 作业 %2</translation>
    </message>
</context>
<context>
    <name>quiesce::KeyringVault</name>
    <message>
        <source>The keyring has no token for this connection.</source>
        <translation>密钥环中没有此连接的令牌。</translation>
    </message>
    <message>
        <source>This desktop has no keyring that can be reached.</source>
        <translation>此桌面没有可用的密钥环。</translation>
    </message>
    <message>
        <source>The keyring is locked, or access to it was denied.</source>
        <translation>密钥环已锁定，或访问被拒绝。</translation>
    </message>
    <message>
        <source>The keyring does not answer.</source>
        <translation>密钥环没有应答。</translation>
    </message>
    <message>
        <source>The keyring failed: %1</source>
        <translation>密钥环出错：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::LastEvent</name>
    <message>
        <source>%1 after %2</source>
        <translation>%1，历时 %2</translation>
    </message>
    <message>
        <source>%1, asked for by %2</source>
        <translation>%1，由 %2 请求</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Refused: %1 for %2 (%3)</source>
        <translation>已拒绝：%2 的 %1（%3）</translation>
    </message>
    <message>
        <source>Accepted: %1 for %2</source>
        <translation>已接受：%2 的 %1</translation>
    </message>
    <message>
        <source>Log %1: %2</source>
        <translation>日志 %1：%2</translation>
    </message>
</context>
<context>
    <name>quiesce::LifecycleStepper</name>
    <message>
        <source>%1, %2</source>
        <comment>note, length</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Lifecycle</source>
        <translation>生命周期</translation>
    </message>
</context>
<context>
    <name>quiesce::LifecycleSteps</name>
    <message>
        <source>Cleanly</source>
        <translation>干净</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>未完整</translation>
    </message>
    <message>
        <source>Forced</source>
        <translation>被强制</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>Quiesced</source>
        <translation>已摘除流量</translation>
    </message>
    <message>
        <source>ahead</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>ended with a warning</source>
        <translation>结束但有警告</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1: %2, %3.</source>
        <comment>step: mark, length</comment>
        <translation>%1：%2，%3。</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <comment>step: mark</comment>
        <translation>%1：%2。</translation>
    </message>
</context>
<context>
    <name>quiesce::LinkKeeper</name>
    <message>
        <source>A token is needed</source>
        <translation>需要令牌</translation>
    </message>
    <message>
        <source>The token has characters that no token can have</source>
        <translation>令牌含有不允许的字符</translation>
    </message>
    <message>
        <source>Nothing has come for a while</source>
        <translation>有一阵没有收到数据</translation>
    </message>
    <message>
        <source>It answers, but not as a version that is known here</source>
        <translation>有应答，但不是此处已知的版本</translation>
    </message>
</context>
<context>
    <name>quiesce::LinkText</name>
    <message>
        <source>Not connected.</source>
        <translation>未连接。</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Connected, but silent: what is shown may be old.</source>
        <translation>已连接，但没有数据：显示的内容可能陈旧。</translation>
    </message>
    <message>
        <source>Does not answer. It may still be running: what is shown is old.</source>
        <translation>没有应答。可能仍在运行：显示的内容已陈旧。</translation>
    </message>
    <message>
        <source>The service refuses the token: it is missing, wrong or has changed.</source>
        <translation>服务拒绝了令牌：缺失、错误或已更改。</translation>
    </message>
    <message>
        <source>A token is needed before anything can be asked.</source>
        <translation>需要令牌才能查询。</translation>
    </message>
    <message>
        <source>It answers, but not as any version that this console knows.</source>
        <translation>有应答，但不是此控制台已知的任何版本。</translation>
    </message>
    <message>
        <source>Gone without a report: the process has crashed or was killed.</source>
        <translation>没有停止报告即消失：进程已崩溃或被杀死。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>what is the matter (reason)</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Trying again …</source>
        <translation>正在重试…</translation>
    </message>
    <message>
        <source>Next attempt in %1 s (failed so far: %2)</source>
        <translation>%1 秒后再次尝试（已失败 %2 次）</translation>
    </message>
</context>
<context>
    <name>quiesce::LiveChart</name>
    <message>
        <source>Now: %1</source>
        <translation>现在：%1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>quiesce::MainMenu</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Instance</source>
        <translation>实例(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Add connection…</source>
        <translation>添加连接(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Import connections…</source>
        <translation>导入连接(&amp;I)…</translation>
    </message>
    <message>
        <source>&amp;Export connections…</source>
        <translation>导出连接(&amp;E)…</translation>
    </message>
    <message>
        <source>Writes the connections to a file, without any secret</source>
        <translation>将连接写入文件，不含任何机密</translation>
    </message>
    <message>
        <source>Start a &amp;demo service</source>
        <translation>启动演示服务(&amp;D)</translation>
    </message>
    <message>
        <source>Starts a service on this machine to try things on</source>
        <translation>在本机启动一个服务供试用</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Ends the console; the services run on, whatever they are doing</source>
        <translation>退出控制台；无论服务在做什么，都会继续运行</translation>
    </message>
    <message>
        <source>&amp;Search services</source>
        <translation>搜索服务(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>As the &amp;desktop</source>
        <translation>跟随桌面(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>D&amp;ark</source>
        <translation>深色(&amp;A)</translation>
    </message>
    <message>
        <source>Details &amp;beside the list</source>
        <translation>详情显示在列表旁(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Wallboard</source>
        <translation>大屏看板(&amp;W)</translation>
    </message>
    <message>
        <source>Only the list, over the whole screen</source>
        <translation>只显示列表，占满整个屏幕</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Quiesce</source>
        <translation>关于 Quiesce(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>复制诊断信息(&amp;C)</translation>
    </message>
    <message>
        <source>What to put into a report of a fault: versions, settings and connections, no secret</source>
        <translation>报告故障时所需的内容：版本、设置和连接，不含机密</translation>
    </message>
</context>
<context>
    <name>quiesce::MainWindow</name>
    <message>
        <source>Actions</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>No service chosen</source>
        <translation>未选择服务</translation>
    </message>
    <message>
        <source>Choose one in the list to see what it does and what it waits for.</source>
        <translation>在列表中选择一个服务，查看其活动和等待项。</translation>
    </message>
    <message>
        <source>Quiesce</source>
        <translation>Quiesce</translation>
    </message>
    <message>
        <source>%1 — Quiesce</source>
        <translation>%1 — Quiesce</translation>
    </message>
</context>
<context>
    <name>quiesce::OperationBar</name>
    <message>
        <source>&amp;History</source>
        <translation>历史(&amp;H)</translation>
    </message>
    <message>
        <source>The changes asked for before</source>
        <translation>之前请求的更改</translation>
    </message>
    <message>
        <source>Dis&amp;miss</source>
        <translation>关闭(&amp;M)</translation>
    </message>
    <message>
        <source>Hides this line until the next change</source>
        <translation>隐藏此行，直到下一次更改</translation>
    </message>
    <message>
        <source>1 other under way</source>
        <translation>另有 1 个进行中</translation>
    </message>
    <message numerus="yes">
        <source>%n others under way</source>
        <translation>
            <numerusform>另有 %n 个进行中</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::OperationCourse</name>
    <message>
        <source>Asked; no answer yet.</source>
        <translation>已请求；尚无应答。</translation>
    </message>
    <message>
        <source>No answer: it is not known whether it arrived. Look at its state before asking again.</source>
        <translation>没有应答：不知请求是否送达。再次请求前请先查看其状态。</translation>
    </message>
    <message>
        <source>No answer: it is not known whether it arrived (%1). Look at its state before asking again.</source>
        <translation>没有应答：不知请求是否送达（%1）。再次请求前请先查看其状态。</translation>
    </message>
    <message>
        <source>Accepted.</source>
        <translation>已接受。</translation>
    </message>
    <message>
        <source>Accepted: the request is told to give up.</source>
        <translation>已接受：已通知该请求放弃。</translation>
    </message>
    <message>
        <source>Accepted: the job is told to end.</source>
        <translation>已接受：已通知该作业结束。</translation>
    </message>
    <message>
        <source>Accepted: the deadline has moved.</source>
        <translation>已接受：截止时间已延后。</translation>
    </message>
    <message>
        <source>The deadline is now %1, %2 from now.</source>
        <translation>截止时间现为 %1，距今 %2。</translation>
    </message>
    <message>
        <source>Quiesced: out of rotation.</source>
        <translation>已摘除流量：不再接收流量。</translation>
    </message>
    <message>
        <source>Serving: in rotation.</source>
        <translation>服务中：正在接收流量。</translation>
    </message>
    <message>
        <source>Overtaken by a stop.</source>
        <translation>已被停止取代。</translation>
    </message>
    <message>
        <source>Another process answers at its address now; how this one ended was not seen.</source>
        <translation>其地址现由另一进程应答；未见此进程如何结束。</translation>
    </message>
    <message>
        <source>Taken back: it serves again.</source>
        <translation>已撤回：重新服务。</translation>
    </message>
    <message>
        <source>Accepted, but not connected now: %1.</source>
        <translation>已接受，但目前未连接：%1。</translation>
    </message>
    <message>
        <source>Gone without a report.</source>
        <translation>没有停止报告即消失。</translation>
    </message>
    <message>
        <source>%1.</source>
        <translation>%1。</translation>
    </message>
    <message>
        <source>%1 in %2; drained: %3, cancelled: %4, cut: %5.</source>
        <translation>%1，用时 %2；排空：%3，取消：%4，中断：%5。</translation>
    </message>
    <message>
        <source>Stopping: nothing is in flight any more.</source>
        <translation>停止中：已没有处理中的工作。</translation>
    </message>
    <message>
        <source>Draining, %1 left: %2</source>
        <translation>排空中，剩余 %1：%2</translation>
    </message>
    <message>
        <source>Draining: %1</source>
        <translation>排空中：%1</translation>
    </message>
    <message>
        <source>Lame duck: %1</source>
        <translation>预停期：%1</translation>
    </message>
    <message>
        <source>No longer watched: how it ended was not seen.</source>
        <translation>已不再监视：未见其如何结束。</translation>
    </message>
    <message>
        <source>%1 · %2 · %3</source>
        <translation>%1 · %2 · %3</translation>
    </message>
</context>
<context>
    <name>quiesce::OperationHistory</name>
    <message>
        <source>Changes asked for</source>
        <translation>请求的更改</translation>
    </message>
    <message>
        <source>Changes asked for from this console, the last first</source>
        <translation>从此控制台请求的更改，最近的在前</translation>
    </message>
</context>
<context>
    <name>quiesce::OperationLog</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
</context>
<context>
    <name>quiesce::OverviewHeader</name>
    <message>
        <source>never</source>
        <comment>last seen</comment>
        <translation>从未</translation>
    </message>
    <message>
        <source>%1 /s</source>
        <comment>requests a second</comment>
        <translation>%1 /秒</translation>
    </message>
    <message>
        <source>Reconnect &amp;now</source>
        <translation>立即重连(&amp;N)</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>PID</source>
        <translation>PID</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Uptime</source>
        <translation>运行时长</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最后可见</translation>
    </message>
    <message>
        <source>now</source>
        <comment>last seen</comment>
        <translation>现在</translation>
    </message>
    <message>
        <source>%1 open, %2 active</source>
        <translation>%1 个打开，%2 个活动</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>截至 %1</translation>
    </message>
</context>
<context>
    <name>quiesce::PaceForm</name>
    <message>
        <source>Go on when its &amp;successor serves; wait up to</source>
        <translation>后继实例开始服务后继续(&amp;S)；最多等待</translation>
    </message>
    <message>
        <source>Go on after a &amp;fixed time of</source>
        <translation>固定等待后继续(&amp;F)：</translation>
    </message>
    <message>
        <source>How long to wait for a successor</source>
        <translation>等待后继实例多久</translation>
    </message>
    <message>
        <source>How long to wait between two stops</source>
        <translation>两次停止之间等待多久</translation>
    </message>
    <message>
        <source>Another process at the same address, ready. When none comes in time the rolling stop ends there.</source>
        <translation>指同一地址上已就绪的另一进程。若未及时出现，滚动停止就此结束。</translation>
    </message>
    <message>
        <source>Say how long to wait, as 30s or 2m.</source>
        <translation>请写明等待多久，例如 30s 或 2m。</translation>
    </message>
</context>
<context>
    <name>quiesce::PathEdit</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::PhaseChart</name>
    <message>
        <source>The stop over time</source>
        <translation>停止过程</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>%1. It began %2 before the stop.</source>
        <translation>%1。始于停止前 %2。</translation>
    </message>
    <message>
        <source>The report names no phases</source>
        <translation>停止报告未列出阶段</translation>
    </message>
    <message>
        <source>%1. The report does not say when it ended.</source>
        <translation>%1。报告未说明其结束时间。</translation>
    </message>
</context>
<context>
    <name>quiesce::PhaseRows</name>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Last to finish</source>
        <translation>最后完成</translation>
    </message>
    <message>
        <source>Hooks</source>
        <translation>钩子</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Last to finish (without a bar: the report does not say when)</source>
        <translation>最后结束（无条形图：报告未说明时间）</translation>
    </message>
</context>
<context>
    <name>quiesce::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>From the next start on</source>
        <translation>下次启动起生效</translation>
    </message>
    <message>
        <source>&amp;Theme:</source>
        <translation>主题(&amp;T)：</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>语言(&amp;L)：</translation>
    </message>
    <message>
        <source>&amp;Charts show:</source>
        <translation>图表显示(&amp;C)：</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Who acts, as services record it</source>
        <translation>操作者，服务会照此记录</translation>
    </message>
    <message>
        <source>Your &amp;name:</source>
        <translation>您的姓名(&amp;N)：</translation>
    </message>
    <message>
        <source>&amp;Ask for a reason before a stop, a quiesce or a force</source>
        <translation>停止、摘除流量或强制停止前询问原因(&amp;A)</translation>
    </message>
    <message>
        <source>In &amp;production, ask for the service&apos;s name to be typed</source>
        <translation>在生产环境中，要求键入服务名称(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Extend by:</source>
        <translation>延长期限(&amp;E)：</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>&amp;Keep stopped services for:</source>
        <translation>已停止的服务保留(&amp;K)：</translation>
    </message>
    <message>
        <source>until they are dismissed</source>
        <translation>直到手动清除</translation>
    </message>
    <message>
        <source>Show &amp;notifications of stops and of services lost</source>
        <translation>服务停止或失联时显示通知(&amp;N)</translation>
    </message>
    <message>
        <source>Closing the window leaves the console in the &amp;tray</source>
        <translation>关闭窗口后控制台留在托盘(&amp;T)</translation>
    </message>
</context>
<context>
    <name>quiesce::Problem</name>
    <message>
        <source>It answered HTTP %1 %2</source>
        <translation>应答为 HTTP %1 %2</translation>
    </message>
    <message>
        <source>It sends elsewhere (%1), where the token must not go</source>
        <translation>它重定向到别处（%1），令牌不得发往那里</translation>
    </message>
</context>
<context>
    <name>quiesce::ProductionBanner</name>
    <message>
        <source>Production: %1</source>
        <translation>生产环境：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::RefusalText</name>
    <message>
        <source>the deadline has passed, or nothing is waited for any more</source>
        <translation>已过截止时间，或已无等待项</translation>
    </message>
    <message>
        <source>it is past the point of no return, and the stop goes on</source>
        <translation>已无法撤回，停止将继续</translation>
    </message>
    <message>
        <source>a stop is under way already</source>
        <translation>停止已在进行中</translation>
    </message>
    <message>
        <source>no stop is under way</source>
        <translation>没有正在进行的停止</translation>
    </message>
    <message>
        <source>it is still starting; ask again when it serves</source>
        <translation>仍在启动中；请在服务中时再次请求</translation>
    </message>
    <message>
        <source>the whole stop must fit the budget that the orchestrator grants (stop.budget). Ask for less; a Kubernetes pod cannot be granted more while it runs</source>
        <translation>整个停止必须在编排系统给予的预算（stop.budget）之内。请缩短时长；Kubernetes pod 运行期间无法增加预算</translation>
    </message>
    <message>
        <source>a stop cannot take that time; ask for more than zero and at most 24 h</source>
        <translation>停止不能用这样的时长；请给出大于零且不超过 24 小时的时长</translation>
    </message>
    <message>
        <source>this token may only read. Use an operator&apos;s token</source>
        <translation>此令牌只有读取权限。请使用操作员令牌</translation>
    </message>
    <message>
        <source>that request has ended already</source>
        <translation>该请求已结束</translation>
    </message>
    <message>
        <source>the token is missing or wrong. Give this connection another one</source>
        <translation>令牌缺失或错误。请为此连接更换令牌</translation>
    </message>
    <message>
        <source>this is not permitted from here. Look at the token and the address</source>
        <translation>不允许从此处进行该操作。请检查令牌和地址</translation>
    </message>
    <message>
        <source>it knows nothing of that (any more)</source>
        <translation>服务中没有（或已没有）该对象</translation>
    </message>
    <message>
        <source>Refused (%1 %2).</source>
        <translation>被拒绝（%1 %2）。</translation>
    </message>
    <message>
        <source>Refused (%1): %2.</source>
        <translation>被拒绝（%1）：%2。</translation>
    </message>
    <message>
        <source>Refused (%1 %2): %3.</source>
        <translation>被拒绝（%1 %2）：%3。</translation>
    </message>
</context>
<context>
    <name>quiesce::ReportExport</name>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1:</source>
        <translation>%1：</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>服务</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Exit code</source>
        <translation>退出码</translation>
    </message>
    <message>
        <source>Asked for by</source>
        <translation>请求者</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Asked for at</source>
        <translation>请求时间</translation>
    </message>
    <message>
        <source>Stopped at</source>
        <translation>停止时间</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Phases</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Hooks</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1：%2，%3</translation>
    </message>
    <message>
        <source>Last to finish</source>
        <translation>最后完成</translation>
    </message>
</context>
<context>
    <name>quiesce::ReportList</name>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 (unknown report version %2)</source>
        <translation>%1（未知的停止报告版本 %2）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Asked for by</source>
        <translation>请求者</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>处理中</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已应答</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Broken off</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>Jobs requeued</source>
        <translation>重新排队的作业</translation>
    </message>
    <message>
        <source>Exit code</source>
        <translation>退出码</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
</context>
<context>
    <name>quiesce::ReportText</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>an unknown sender</source>
        <translation>未知发送者</translation>
    </message>
    <message>
        <source>pid %1, uid %2</source>
        <translation>pid %1，uid %2</translation>
    </message>
    <message>
        <source>pid %1</source>
        <translation>pid %1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>An unnamed caller of the admin API</source>
        <translation>管理 API 的匿名调用者</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>来自 %1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Serving</source>
        <translation>服务中</translation>
    </message>
    <message>
        <source>Lame duck</source>
        <translation>预停期</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>排空中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已应答</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Broken off</source>
        <translation>被中断</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Timed out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 from %2</source>
        <translation>来自 %2 的 %1</translation>
    </message>
    <message>
        <source>A signal</source>
        <translation>信号</translation>
    </message>
    <message>
        <source>The service itself</source>
        <translation>服务自身</translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) cancelled at the deadline</source>
        <translation>
            <numerusform>到截止时间取消了 %n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) broken off</source>
        <translation>
            <numerusform>中断了 %n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) requeued</source>
        <translation>
            <numerusform>%n 个作业重新排队</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) abandoned</source>
        <translation>
            <numerusform>放弃了 %n 个作业</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hook(s) not done</source>
        <translation>
            <numerusform>%n 个钩子未完成</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was cut</source>
        <translation>没有工作被中断</translation>
    </message>
    <message>
        <source>Requests in flight at the stop</source>
        <translation>停止时处理中的请求</translation>
    </message>
    <message>
        <source>Requests accepted during it</source>
        <translation>停止期间接受的请求</translation>
    </message>
    <message>
        <source>Requests answered</source>
        <translation>已应答的请求</translation>
    </message>
    <message>
        <source>Requests cancelled</source>
        <translation>已取消的请求</translation>
    </message>
    <message>
        <source>Requests broken off</source>
        <translation>被中断的请求</translation>
    </message>
    <message>
        <source>Jobs running at the stop</source>
        <translation>停止时运行中的作业</translation>
    </message>
    <message>
        <source>Jobs finished</source>
        <translation>已完成的作业</translation>
    </message>
    <message>
        <source>Jobs requeued</source>
        <translation>重新排队的作业</translation>
    </message>
    <message>
        <source>Jobs abandoned</source>
        <translation>已放弃的作业</translation>
    </message>
    <message>
        <source>This report has version %1, which this console does not know: it may say more than is shown.</source>
        <translation>此停止报告的版本为 %1，此控制台不认识：其内容可能多于此处所示。</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>结束方式</translation>
    </message>
</context>
<context>
    <name>quiesce::ReportView</name>
    <message>
        <source>same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
    <message>
        <source>−%1</source>
        <translation>−%1</translation>
    </message>
    <message>
        <source>When:</source>
        <translation>时间：</translation>
    </message>
    <message>
        <source>Asked for by:</source>
        <translation>请求者：</translation>
    </message>
    <message>
        <source>Reason:</source>
        <translation>原因：</translation>
    </message>
    <message>
        <source>Cut:</source>
        <translation>被中断：</translation>
    </message>
    <message>
        <source>Process:</source>
        <translation>进程：</translation>
    </message>
    <message>
        <source>Note:</source>
        <translation>备注：</translation>
    </message>
    <message>
        <source>Tallies</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Hooks</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>Last to finish</source>
        <translation>最后完成</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1，用时 %2</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>None given</source>
        <translation>未填写</translation>
    </message>
    <message>
        <source>%1 %2, instance %3, exit code %4</source>
        <translation>%1 %2，实例 %3，退出码 %4</translation>
    </message>
    <message>
        <source>Tally</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Hook</source>
        <translation>钩子</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>结束方式</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the whole report to the clipboard</source>
        <translation>将整份报告复制到剪贴板</translation>
    </message>
    <message>
        <source>As &amp;text</source>
        <translation>复制为文本(&amp;T)</translation>
    </message>
    <message>
        <source>As &amp;JSON</source>
        <translation>复制为 &amp;JSON</translation>
    </message>
</context>
<context>
    <name>quiesce::ReportsPage</name>
    <message>
        <source>HTTP status %1</source>
        <translation>HTTP 状态 %1</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>&amp;Refresh</source>
        <translation>刷新(&amp;R)</translation>
    </message>
    <message>
        <source>Asks the service for its reports again</source>
        <translation>重新向服务查询停止报告</translation>
    </message>
    <message>
        <source>Com&amp;pare with previous</source>
        <translation>与上一份比较(&amp;P)</translation>
    </message>
    <message>
        <source>Shows the selected report beside the one before it; any two can be selected with Ctrl</source>
        <translation>将所选停止报告与前一份并排显示；按住 Ctrl 可任选两份</translation>
    </message>
    <message>
        <source>Reports of past stops</source>
        <translation>以往的停止报告</translation>
    </message>
    <message>
        <source>Asking for reports…</source>
        <translation>正在查询停止报告…</translation>
    </message>
    <message>
        <source>Not up to date: %1</source>
        <translation>不是最新：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n report(s)</source>
        <translation>
            <numerusform>%n 份停止报告</numerusform>
        </translation>
    </message>
    <message>
        <source>No instance is selected</source>
        <translation>未选择实例</translation>
    </message>
    <message>
        <source>Select a report, or two to compare them</source>
        <translation>选择一份停止报告，或选择两份进行比较</translation>
    </message>
    <message>
        <source>Select no more than two reports to compare them</source>
        <translation>比较时最多选择两份停止报告</translation>
    </message>
    <message>
        <source>The reports could not be fetched: %1</source>
        <translation>无法获取停止报告：%1</translation>
    </message>
    <message>
        <source>No stop has been reported yet. A report is shown here when the service has stopped.</source>
        <translation>还没有停止报告。服务停止后会显示在这里。</translation>
    </message>
</context>
<context>
    <name>quiesce::RestCall</name>
    <message>
        <source>No answer came in time</source>
        <translation>未及时收到应答</translation>
    </message>
    <message>
        <source>It was given up before an answer came</source>
        <translation>未等到应答即已放弃</translation>
    </message>
    <message>
        <source>The answer is larger than is taken here</source>
        <translation>应答超过可接收的大小</translation>
    </message>
</context>
<context>
    <name>quiesce::RollingStop</name>
    <message>
        <source>it is not watched any more</source>
        <translation>已不再监视</translation>
    </message>
    <message>
        <source>it is not live: %1</source>
        <translation>未实时连接：%1</translation>
    </message>
    <message>
        <source>the request cannot be sent</source>
        <translation>无法发送请求</translation>
    </message>
    <message>
        <source>it refused: %1</source>
        <translation>被拒绝：%1</translation>
    </message>
    <message>
        <source>nobody knows whether the request arrived: %1</source>
        <translation>不知请求是否送达：%1</translation>
    </message>
    <message>
        <source>how it ended is not known: %1</source>
        <translation>如何结束的未知：%1</translation>
    </message>
    <message>
        <source>another process is there, and its report was not seen</source>
        <translation>已换成另一进程，未见其停止报告</translation>
    </message>
    <message>
        <source>its stop was incomplete: work was cut at the deadline</source>
        <translation>未完整停止：到截止时间有工作被中断</translation>
    </message>
    <message>
        <source>it was forced to stop</source>
        <translation>被强制停止</translation>
    </message>
    <message>
        <source>its stop failed</source>
        <translation>停止失败</translation>
    </message>
    <message>
        <source>it has not stopped in time</source>
        <translation>未及时停止</translation>
    </message>
    <message>
        <source>no successor was ready in time</source>
        <translation>没有后继实例及时就绪</translation>
    </message>
    <message>
        <source>an earlier one failed</source>
        <translation>前面的实例失败</translation>
    </message>
    <message>
        <source>aborted: its stop goes on as it was asked for</source>
        <translation>已中止：其停止仍按请求继续</translation>
    </message>
    <message>
        <source>aborted: it has stopped, nobody waits for another</source>
        <translation>已中止：它已停止，不再等待后继实例</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Waiting for its successor</source>
        <translation>等待后继实例</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Left as it is</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
</context>
<context>
    <name>quiesce::RollingStopDialog</name>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move dow&amp;n</source>
        <translation>下移(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Rolling stop</source>
        <translation>滚动停止</translation>
    </message>
    <message>
        <source>Start th&amp;e rolling stop</source>
        <translation>开始滚动停止(&amp;E)</translation>
    </message>
    <message>
        <source>Stop 1 instance</source>
        <translation>停止 1 个实例</translation>
    </message>
    <message numerus="yes">
        <source>Stop %n instances, one after another</source>
        <translation>
            <numerusform>逐个停止 %n 个实例</numerusform>
        </translation>
    </message>
    <message>
        <source>It ends at the first that does not stop cleanly; the rest are left alone.</source>
        <translation>遇到第一个未能干净停止的实例即结束；其余不受影响。</translation>
    </message>
    <message>
        <source>None of these can be stopped.</source>
        <translation>这些实例都无法停止。</translation>
    </message>
    <message>
        <source>Stopping one after another</source>
        <translation>正在逐个停止</translation>
    </message>
    <message>
        <source>Abort leaves the one under way to itself and stops no other.</source>
        <translation>中止后，进行中的停止会自行完成，不再停止其他实例。</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>中止(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>关闭(&amp;C)</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Ended by a failure</source>
        <translation>因失败而结束</translation>
    </message>
    <message>
        <source>Aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>%1 of %2 stopped cleanly.</source>
        <translation>%2 个中有 %1 个干净停止。</translation>
    </message>
    <message>
        <source>%1 %2: %3.</source>
        <translation>%1%2：%3。</translation>
    </message>
    <message>
        <source>It is under way: abort it before you close it.</source>
        <translation>正在进行：请先中止再关闭。</translation>
    </message>
</context>
<context>
    <name>quiesce::RollingTable</name>
    <message>
        <source>Instances in the order in which they are stopped</source>
        <translation>实例（按停止顺序）</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>No longer known here</source>
        <translation>此处已无此实例</translation>
    </message>
    <message>
        <source>No longer known here.</source>
        <translation>此处已无此实例。</translation>
    </message>
    <message>
        <source>Left out: %1</source>
        <translation>略过：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>quiesce::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>From the search to the list</source>
        <translation>从搜索框转到列表</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>复制所选行</translation>
    </message>
</context>
<context>
    <name>quiesce::SpecRules</name>
    <message numerus="yes">
        <source>at most %n character(s)</source>
        <translation>
            <numerusform>最多 %n 个字符</numerusform>
        </translation>
    </message>
    <message>
        <source>has characters that cannot be shown</source>
        <translation>含有无法显示的字符</translation>
    </message>
    <message>
        <source>not the http or https address of a host</source>
        <translation>不是主机的 http 或 https 地址</translation>
    </message>
    <message>
        <source>not an absolute path</source>
        <translation>不是绝对路径</translation>
    </message>
    <message>
        <source>a file that cannot be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>没有该文件</translation>
    </message>
    <message>
        <source>only an https address has a certificate</source>
        <translation>只有 https 地址才有证书</translation>
    </message>
    <message>
        <source>not a SHA-256 of 64 hex digits</source>
        <translation>不是 64 位十六进制的 SHA-256</translation>
    </message>
    <message>
        <source>which file has the token?</source>
        <translation>令牌在哪个文件中？</translation>
    </message>
</context>
<context>
    <name>quiesce::StopBanner</name>
    <message>
        <source>The service&apos;s clock is %1 ahead of this computer&apos;s: its times of day differ from yours, what remains does not.</source>
        <translation>服务的时钟比本机快 %1：其时刻与您的不同，剩余时间不受影响。</translation>
    </message>
    <message>
        <source>The service&apos;s clock is %1 behind this computer&apos;s: its times of day differ from yours, what remains does not.</source>
        <translation>服务的时钟比本机慢 %1：其时刻与您的不同，剩余时间不受影响。</translation>
    </message>
    <message>
        <source>Time left until the deadline</source>
        <translation>距截止时间的剩余时间</translation>
    </message>
    <message numerus="yes">
        <source>%1: waiting for %n request(s)</source>
        <comment>condition</comment>
        <translation>
            <numerusform>%1：正在等待 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Asked for by %1</source>
        <translation>由 %1 请求</translation>
    </message>
    <message>
        <source>%1 of %2 gone, extended by %3</source>
        <translation>已过 %1，共 %2，已延长 %3</translation>
    </message>
    <message>
        <source>%1 of %2 gone</source>
        <translation>已过 %1，共 %2</translation>
    </message>
    <message>
        <source>How the stop went</source>
        <translation>停止的经过</translation>
    </message>
    <message>
        <source>It has gone without a report: what was in flight is lost.</source>
        <translation>没有停止报告即消失：处理中的工作已丢失。</translation>
    </message>
    <message>
        <source>Out of rotation, nothing is stopped. Asked for by %1</source>
        <translation>不再接收流量，未停止任何工作。由 %1 请求</translation>
    </message>
    <message>
        <source>No stop is under way.</source>
        <translation>没有正在进行的停止。</translation>
    </message>
</context>
<context>
    <name>quiesce::StopForecast</name>
    <message>
        <source>Will make it: about %1 left of %2</source>
        <translation>来得及：约余 %1，共 %2</translation>
    </message>
    <message numerus="yes">
        <source>Will not make it: up to %n request(s) would be cancelled</source>
        <translation>
            <numerusform>来不及：最多将取消 %n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The deadline has passed: %n request(s) are being cancelled</source>
        <translation>
            <numerusform>已过截止时间：正在取消 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is in flight any more: finishing</source>
        <translation>已没有处理中的工作：正在收尾</translation>
    </message>
    <message>
        <source>A stop now would take about %1</source>
        <translation>现在停止约需 %1</translation>
    </message>
    <message>
        <source>%1 after %2: %3 answered, %4 cancelled, %5 cut off</source>
        <comment>outcome, length, counts</comment>
        <translation>%1，历时 %2：应答 %3 个，取消 %4 个，中断 %5 个</translation>
    </message>
</context>
<context>
    <name>quiesce::TargetTable</name>
    <message>
        <source>Instances it goes to</source>
        <translation>作用的实例</translation>
    </message>
    <message>
        <source>Instance</source>
        <translation>实例</translation>
    </message>
    <message>
        <source>Environment</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>No longer known here.</source>
        <translation>此处已无此实例。</translation>
    </message>
    <message>
        <source>Left out: %1</source>
        <translation>略过：%1</translation>
    </message>
</context>
<context>
    <name>quiesce::Timeline</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作者</translation>
    </message>
</context>
<context>
    <name>quiesce::TimelineBar</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the timeline</source>
        <translation>搜索时间线</translation>
    </message>
    <message>
        <source>Show or hide: %1</source>
        <translation>显示或隐藏：%1</translation>
    </message>
    <message>
        <source>Least severity</source>
        <translation>最低严重程度</translation>
    </message>
    <message>
        <source>All severities</source>
        <translation>全部严重程度</translation>
    </message>
    <message>
        <source>Warnings and errors</source>
        <translation>警告和错误</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
</context>
<context>
    <name>quiesce::TimelineText</name>
    <message>
        <source>%1 → %2</source>
        <comment>state before → state</comment>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 → %2: %3</source>
        <comment>state before → state: reason</comment>
        <translation>%1 → %2：%3</translation>
    </message>
    <message>
        <source>%1 answered after %2</source>
        <comment>request, age</comment>
        <translation>%1 已应答，历时 %2</translation>
    </message>
    <message>
        <source>%1 cancelled after %2</source>
        <comment>request, age</comment>
        <translation>%1 已取消，历时 %2</translation>
    </message>
    <message>
        <source>%1 cut off after %2</source>
        <comment>request, age</comment>
        <translation>%1 被中断，历时 %2</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>It has stopped and closed the connection</source>
        <translation>已停止并关闭了连接</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>state of the connection: reason</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: nothing was cut off</source>
        <comment>outcome of a stop</comment>
        <translation>%1：没有工作被中断</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n request(s) cancelled or cut off</source>
        <comment>outcome of a stop</comment>
        <translation>
            <numerusform>%1：%n 个请求被取消或中断</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <comment>kind, id, state of a job</comment>
        <translation>%1 %2：%3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>action: result</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Events may be missing here</source>
        <translation>此处可能缺少事件</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>缺口</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>停止报告</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>信息</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Serving</source>
        <translation>服务中</translation>
    </message>
    <message>
        <source>Lame duck</source>
        <translation>预停期</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>排空中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>quiesce::TimelineView</name>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Nothing that is shown has happened yet.</source>
        <translation>还没有发生要显示的事件。</translation>
    </message>
    <message>
        <source>Stay where you are while new events come</source>
        <translation>新事件到来时停留在原处</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>Write what is shown to a file</source>
        <translation>将显示的内容写入文件</translation>
    </message>
    <message>
        <source>&amp;CSV…</source>
        <translation>CSV(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;JSON…</source>
        <translation>JSON(&amp;J)…</translation>
    </message>
    <message>
        <source>&amp;Copy rows</source>
        <translation>复制行(&amp;C)</translation>
    </message>
    <message>
        <source>Searching: %1 of %2 so far</source>
        <translation>正在搜索：已搜 %1/%2</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>shown of all</comment>
        <translation>%1/%2</translation>
    </message>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n 条新事件</numerusform>
        </translation>
    </message>
    <message>
        <source>Export the timeline</source>
        <translation>导出时间线</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV 文件 (*.csv)</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message>
        <source>Cannot be written: %1</source>
        <translation>无法写入：%1</translation>
    </message>
    <message>
        <source>Written to %1</source>
        <translation>已写入 %1</translation>
    </message>
</context>
<context>
    <name>quiesce::TlsTrust</name>
    <message>
        <source>The CA file %1 cannot be read: %2</source>
        <translation>无法读取 CA 文件 %1：%2</translation>
    </message>
    <message>
        <source>The CA file %1 holds no certificate in PEM</source>
        <translation>CA 文件 %1 中没有 PEM 证书</translation>
    </message>
    <message>
        <source>The pinned fingerprint is not a SHA-256</source>
        <translation>固定的指纹不是 SHA-256</translation>
    </message>
    <message>
        <source>The server&apos;s certificate (%1) is not the pinned one: its SHA-256 is %2</source>
        <translation>服务器证书（%1）不是固定的证书：其 SHA-256 为 %2</translation>
    </message>
    <message>
        <source>The server&apos;s certificate (%1) is not signed by an authority of %2</source>
        <translation>服务器证书（%1）不是由 %2 中的机构签发</translation>
    </message>
    <message>
        <source>The server&apos;s certificate (%1) is not trusted: %2</source>
        <translation>服务器证书（%1）不受信任：%2</translation>
    </message>
</context>
<context>
    <name>quiesce::TokenDialog</name>
    <message>
        <source>Token wanted</source>
        <translation>需要令牌</translation>
    </message>
    <message>
        <source>&amp;Token for %1:</source>
        <translation>%1 的令牌(&amp;T)：</translation>
    </message>
    <message>
        <source>&amp;Use token</source>
        <translation>使用令牌(&amp;U)</translation>
    </message>
</context>
<context>
    <name>quiesce::TrayIcon</name>
    <message>
        <source>&amp;Show the console</source>
        <translation>显示控制台(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Quit (services run on)</source>
        <translation>退出(&amp;Q)（服务继续运行）</translation>
    </message>
</context>
<context>
    <name>quiesce::VerbLook</name>
    <message>
        <source>&amp;Quiesce</source>
        <translation>摘除流量(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>恢复(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Drain and stop</source>
        <translation>排空并停止(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Extend</source>
        <translation>延长期限(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Force</source>
        <translation>强制停止(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Cancel the request</source>
        <translation>取消请求(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Cancel the job</source>
        <translation>取消作业(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Quiesce…</source>
        <translation>摘除流量(&amp;Q)…</translation>
    </message>
    <message>
        <source>&amp;Resume…</source>
        <translation>恢复(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Drain and stop…</source>
        <translation>排空并停止(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Extend…</source>
        <translation>延长期限(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Force…</source>
        <translation>强制停止(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Cancel the request…</source>
        <translation>取消请求(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Cancel the job…</source>
        <translation>取消作业(&amp;C)…</translation>
    </message>
    <message>
        <source>Quiesce %1?</source>
        <translation>摘除 %1 的流量？</translation>
    </message>
    <message>
        <source>Resume %1?</source>
        <translation>恢复 %1？</translation>
    </message>
    <message>
        <source>Drain and stop %1?</source>
        <translation>排空并停止 %1？</translation>
    </message>
    <message>
        <source>Extend the deadline of %1?</source>
        <translation>延长 %1 的截止时间？</translation>
    </message>
    <message>
        <source>Force %1 to stop now?</source>
        <translation>立即强制停止 %1？</translation>
    </message>
    <message>
        <source>Cancel a request of %1?</source>
        <translation>取消 %1 的一个请求？</translation>
    </message>
    <message>
        <source>Cancel a job of %1?</source>
        <translation>取消 %1 的一个作业？</translation>
    </message>
    <message numerus="yes">
        <source>Quiesce %n instances?</source>
        <translation>
            <numerusform>摘除 %n 个实例的流量？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Resume %n instances?</source>
        <translation>
            <numerusform>恢复 %n 个实例？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drain and stop %n instances?</source>
        <translation>
            <numerusform>排空并停止 %n 个实例？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Extend the deadlines of %n instances?</source>
        <translation>
            <numerusform>延长 %n 个实例的截止时间？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Force %n instances to stop now?</source>
        <translation>
            <numerusform>立即强制停止 %n 个实例？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel a request in each of %n instances?</source>
        <translation>
            <numerusform>在 %n 个实例中各取消一个请求？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel a job in each of %n instances?</source>
        <translation>
            <numerusform>在 %n 个实例中各取消一个作业？</numerusform>
        </translation>
    </message>
    <message>
        <source>quiesce %1</source>
        <translation>摘除流量 %1</translation>
    </message>
    <message>
        <source>resume %1</source>
        <translation>恢复 %1</translation>
    </message>
    <message>
        <source>stop %1</source>
        <translation>停止 %1</translation>
    </message>
    <message>
        <source>extend %1</source>
        <translation>延长期限 %1</translation>
    </message>
    <message>
        <source>force %1</source>
        <translation>强制停止 %1</translation>
    </message>
    <message>
        <source>cancel %1</source>
        <translation>取消 %1</translation>
    </message>
    <message>
        <source>Not set</source>
        <translation>未设置</translation>
    </message>
</context>
<context>
    <name>quiesce::Wording</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 s ago</source>
        <translation>%1 秒前</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 小时前</translation>
    </message>
    <message>
        <source>%1 d ago</source>
        <translation>%1 天前</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Development</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>Staging</source>
        <translation>预发布</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>生产</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
</context>
</TS>
