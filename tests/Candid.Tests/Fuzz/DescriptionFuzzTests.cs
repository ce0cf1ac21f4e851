using System.Text;
using Decent.Candid.Parsing;
using Decent.Candid.Tests.Parsing;
using Decent.Testing;

namespace Decent.Candid.Tests.Fuzz;

public sealed class DescriptionFuzzTests
{
    private static readonly CandidType[] ValueTypes =
    [
        Icrc3Blocks.TransferArg, CandidType.Vec(CandidType.Nat8), CandidType.Opt(CandidType.Opt(CandidType.Int)),
        CandidType.Float64,
    ];

    [Fact]
    public void A_damaged_description_is_refused_with_its_place_or_read_at_a_cost_within_its_length()
    {
        var campaign = new Fuzzing(".did parser", [.. Descriptions()], static e => e is DidException);
        campaign.Run(usual: 60_000, deep: 2_000_000, static (origin, bytes) =>
        {
            try
            {
                _ = DidInterface.Load(Encoding.UTF8.GetString(bytes), "fuzz.did");
            }
            catch (DidException fault)
            {
                Assert.True(fault.Line >= 1 && fault.Column >= 1, fault.Message);
                throw;
            }
        });
    }

    [Fact]
    public void A_damaged_textual_value_is_refused_with_its_place_or_read_at_a_cost_within_its_length()
    {
        string[] values =
        [
            "(record { to = record { owner = principal \"aaaaa-aa\"; subaccount = null }; amount = 1_000_000 : nat; "
                + "fee = opt 10_000; memo = opt blob \"\\00\\ff\"; created_at_time = opt 1_700_000_000_000_000_000 }, "
                + "vec { 1; 2; 0x1f }, opt opt -4, 1.5e3)",
            "record { \"text \\u{1F402} \\n \\\"\"; vec { record { 0 = \"a\"; 1 = variant { Ok } } }; blob \"abc\"; true }",
            "vec { func \"aaaaa-aa\".\"m\"; service \"2vxsx-fae\"; null; (5 : nat8); 1_0.2_5e-3 }",
        ];
        var campaign = new Fuzzing(
            "textual values", [.. values.Select(Encoding.UTF8.GetBytes)], static e => e is DidException);
        campaign.Run(usual: 60_000, deep: 1_500_000, static (original, bytes) =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = original == 0 ? CandidText.ParseArguments(text, ValueTypes).Values[0] : CandidText.Parse(text);
        });
    }

    private static IEnumerable<byte[]> Descriptions()
    {
        var files = Directory.GetFiles(RepositoryFiles.Folder("candid"), "*.did").Order(StringComparer.Ordinal)
            .Select(File.ReadAllText);
        string[] own =
        [
            "type A = B; type B = opt A; type list = opt record { head : nat; tail : list };\n"
                + "/* block /* nested */ */ // doc\nservice name : (list, opt A) -> { m : (x : list) -> (A) query; }",
            "type t = func (server : s) -> () oneway; type s = service { f : t; \"g h\" : (blob) -> composite_query; };\n"
                + "type v = variant { a; b : nat; 3 : text; \"\\u{e9}\" : record { nat; text } }; service : s",
            "import \"a.did\"; import service \"b.did\"; service : { m : (record { x : nat32; y : vec principal }) -> () }",
        ];
        return own.Concat(files.Where(static f => f.Length < 2_000)).Select(Encoding.UTF8.GetBytes);
    }
}
