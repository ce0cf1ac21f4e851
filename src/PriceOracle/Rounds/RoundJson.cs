using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Decent.PriceOracle.Rounds;

/// <summary>
/// The one way rounds and states are written: big numbers as text, properties in the order of declaration.
/// </summary>
internal static class RoundJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new BigIntegerText(), new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Writes.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads what <see cref="Write{T}" /> wrote.</summary>
    public static T Read<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("A stored round is empty.");

    /// <summary>Hash of a round: SHA-256 over the hash before it (or nothing), its input and its decision.</summary>
    public static byte[] Hash(byte[]? previous, string input, string decision)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous ?? []);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(input)));
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(decision)));
        return hash.GetHashAndReset();
    }

    private sealed class BigIntegerText : JsonConverter<BigInteger>
    {
        public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            BigInteger.Parse(reader.GetString() ?? "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
