using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Decent.Sandbox.Emulators.Stripe;

/// <summary>A form body in Stripe's bracket notation.</summary>
internal sealed class StripeForm(IReadOnlyDictionary<string, string> values)
{
    /// <summary>Reads the body of a request.</summary>
    public static async Task<StripeForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            return new StripeForm(new Dictionary<string, string>(StringComparer.Ordinal));
        }

        var form = await request.ReadFormAsync(cancellationToken);
        return new StripeForm(form.ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal));
    }

    /// <summary>One value, such as <c>line_items[0][quantity]</c>; null when absent or empty.</summary>
    public string? this[string key] => values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    /// <summary>A required value.</summary>
    public string Required(string key) =>
        this[key] ?? throw StripeFault.Invalid($"Missing required param: {key}.", key, "parameter_missing");

    /// <summary>A whole number.</summary>
    public long? Integer(string key) => this[key] is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw StripeFault.Invalid($"Invalid integer: {text}", key, "parameter_invalid_integer");

    /// <summary>The members of a hash, such as <c>metadata</c>.</summary>
    public IReadOnlyDictionary<string, string> Hash(string prefix) => values
        .Where(p => p.Key.StartsWith(prefix + "[", StringComparison.Ordinal) && p.Key.EndsWith(']'))
        .ToDictionary(p => p.Key[(prefix.Length + 1)..^1], p => p.Value, StringComparer.Ordinal);

    /// <summary>Digest of what is asked, for idempotency keys.</summary>
    public string Digest(string path)
    {
        var text = new StringBuilder(path);
        foreach (var (key, value) in values.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(key).Append('=').Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
