using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decent.Sandbox.Emulators;

/// <summary>The <c>t=…,v1=…</c> signature of both providers: HMAC-SHA256 over <c>t + "." + body</c>.</summary>
internal static class WebhookSignature
{
    /// <summary>The header's value.</summary>
    /// <param name="secret">The endpoint's secret; its UTF-8 bytes are the key.</param>
    /// <param name="at">When it is signed; whole seconds count.</param>
    /// <param name="body">The exact body.</param>
    public static string Of(string secret, DateTimeOffset at, string body)
    {
        var t = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{t}.{body}"));
        return $"t={t},v1={Convert.ToHexStringLower(mac)}";
    }
}
