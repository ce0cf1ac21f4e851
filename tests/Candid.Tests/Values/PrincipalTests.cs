using System.Text.Json;

namespace Decent.Candid.Tests.Values;

public sealed class PrincipalTests
{
    [Fact]
    public void Every_known_principal_reads_and_writes()
    {
        foreach (var one in VectorJson.Read("principals.json").GetProperty("valid").EnumerateArray())
        {
            var bytes = Hex(one, "hex");
            var principal = Principal.FromBytes(bytes);
            Assert.Equal(one.GetProperty("text").GetString(), principal.ToText());
            Assert.Equal(principal, Principal.FromText(principal.ToText()));
            Assert.Equal(bytes, Principal.FromText(principal.ToText()).ToArray());
            Assert.Equal(one.GetProperty("crc32").GetString(), $"{Crc32.Compute(bytes):x8}");
        }
    }

    [Fact]
    public void Upper_case_is_accepted_and_written_lower()
    {
        foreach (var one in VectorJson.Read("principals.json").GetProperty("accepted_non_canonical").EnumerateArray())
        {
            Assert.Equal(Hex(one, "hex"), Principal.FromText(one.GetProperty("text").GetString()!).ToArray());
        }

        Assert.Equal("2vxsx-fae", Principal.FromText("2VXSX-FAE").ToText());
    }

    [Fact]
    public void Wrong_texts_and_lengths_are_refused()
    {
        var vectors = VectorJson.Read("principals.json");
        foreach (var one in vectors.GetProperty("invalid").EnumerateArray())
        {
            var text = one.GetProperty("text").GetString()!;
            Assert.False(Principal.TryParse(text, out _), text);
            Assert.Throws<PrincipalFormatException>(() => Principal.FromText(text));
        }

        foreach (var one in vectors.GetProperty("invalid_hex").EnumerateArray())
        {
            Assert.Throws<PrincipalFormatException>(() => Principal.FromBytes(Hex(one, "hex")));
        }
    }

    [Fact]
    public void Order_is_that_of_the_bytes()
    {
        var sorted = VectorJson.Read("principals.json").GetProperty("order_lexicographic_hex").EnumerateArray()
            .Select(h => Principal.FromBytes(Convert.FromHexString(h.GetString()!))).ToList();
        Assert.Equal(sorted, sorted.AsEnumerable().Reverse().Order());
        Assert.True(sorted[0] < sorted[1]);
    }

    [Fact]
    public void Equal_bytes_are_one_key()
    {
        HashSet<Principal> set = [Principal.Anonymous, Principal.FromBytes([4]), Principal.FromText("2vxsx-fae")];
        Assert.Single(set);
        Assert.True(Principal.FromBytes([]) == Principal.ManagementCanister);
    }

    [Theory]
    [InlineData("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [InlineData("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    public void Sha224_gives_the_published_digests(string text, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(Sha224.Hash(System.Text.Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void A_self_authenticating_principal_ends_in_two()
    {
        var principal = Principal.SelfAuthenticating("some key"u8);
        Assert.Equal(29, principal.Bytes.Length);
        Assert.Equal(2, principal.Bytes[^1]);
    }

    private static byte[] Hex(JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);
}
